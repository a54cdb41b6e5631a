package io.scaiwave.admin.participants;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Failure.Detail;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Patch;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.models.ModelCatalog;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Stream;

/** The members of a tenant's rooms, and the AI participants among them. */
public final class ParticipantsVerticle extends Feature {
    record Configure(String slug, Patch body) {}

    static final Operation<Configure, Participant> CONFIGURE =
            new Operation<>("configureModelParticipant", Configure.class);

    private final AuditTrail trail;
    private final ModelCatalog catalog;
    private final String serverName;

    public ParticipantsVerticle(AuditTrail trail, ModelCatalog catalog, String serverName) {
        this.trail = trail;
        this.catalog = catalog;
        this.serverName = serverName;
    }

    @Override
    protected void listen() {
        serve(CONFIGURE, this::configure);
    }

    private Future<Reply<Participant>> configure(Caller caller, Configure in) {
        return catalog.require(caller, in.slug)
                .compose(v -> ParticipantStore.update(trail, caller, in.slug, in.body, () -> create(caller, in)));
    }

    private Future<Reply<Participant>> create(Caller caller, Configure in) {
        List<Detail> missing = Stream.of("local_id", "display_name")
                .filter(name -> !in.body.has(name))
                .map(name -> new Detail("/" + name, "is required: the participant does not exist yet"))
                .toList();
        if (!missing.isEmpty()) {
            return Future.failedFuture(Failure.invalid(missing));
        }
        return ParticipantStore.create(trail, caller, in.slug, in.body, serverName)
                // A parallel request may have made it, and so taken the local_id or the last place: then re-configure
                // it.
                .recover(e -> e instanceof Failure failure && failure.kind() == Failure.Kind.CONFLICT
                        ? ParticipantStore.update(trail, caller, in.slug, in.body, () -> Future.failedFuture(e))
                        : Future.failedFuture(e));
    }
}
