package io.scaiwave.admin.participants;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Failure.Detail;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Patch;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.models.ModelCatalogs;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Stream;

/** The members of a tenant's rooms, and the AI participants among them. */
public final class ParticipantsVerticle extends Feature {
    record Query(String participantType, String q, int limit, int offset) {}

    record Configure(String slug, Patch body) {}

    record Create(NewModelParticipant body) {}

    /** What is null is left to its default. */
    record NewModelParticipant(
            String model,
            String localId,
            String displayName,
            String systemPrompt,
            String defaultResponseMode,
            Boolean enabled) {}

    static final Operation<Query, List<Participant>> LIST = new Operation<>("listParticipants", Query.class);

    static final Operation<Configure, Participant> CONFIGURE =
            new Operation<>("configureModelParticipant", Configure.class);
    static final Operation<Create, Participant> CREATE = new Operation<>("createModelParticipant", Create.class);

    private final Database database;
    private final AuditTrail trail;
    private final ModelCatalogs catalogs;
    private final String serverName;

    public ParticipantsVerticle(Database database, AuditTrail trail, ModelCatalogs catalogs, String serverName) {
        this.database = database;
        this.trail = trail;
        this.catalogs = catalogs;
        this.serverName = serverName;
    }

    @Override
    protected void listen() {
        serve(LIST, this::list);
        serve(CONFIGURE, this::configure);
        serve(CREATE, this::create);
    }

    private Future<Reply<List<Participant>>> list(Caller caller, Query query) {
        return ParticipantStore.list(database, caller.tenant().id(), query);
    }

    private Future<Reply<Participant>> configure(Caller caller, Configure in) {
        return catalogs.require(caller, in.slug)
                .compose(v -> ParticipantStore.update(trail, caller, in.slug, in.body, () -> firstTime(caller, in)));
    }

    private Future<Reply<Participant>> firstTime(Caller caller, Configure in) {
        List<Detail> missing = Stream.of("local_id", "display_name")
                .filter(name -> !in.body.has(name))
                .map(name -> new Detail("/" + name, "is required: the participant does not exist yet"))
                .toList();
        if (!missing.isEmpty()) {
            return Future.failedFuture(Failure.invalid(missing));
        }
        return ParticipantStore.create(trail, caller, in.slug, in.body.fields(), serverName)
                // A parallel request may have made it, and so taken the local_id or the last place: then re-configure
                // it.
                .recover(e -> e instanceof Failure failure && failure.kind() == Failure.Kind.CONFLICT
                        ? ParticipantStore.update(trail, caller, in.slug, in.body, () -> Future.failedFuture(e))
                        : Future.failedFuture(e));
    }

    private Future<Reply<Participant>> create(Caller caller, Create in) {
        return catalogs.require(caller, in.body.model)
                .compose(v -> ParticipantStore.createOnce(trail, caller, in.body, serverName))
                // The model's first was made by a parallel request in the meantime: then this one is another.
                .recover(e -> e == ParticipantStore.FIRST_EXISTS ? create(caller, in) : Future.failedFuture(e));
    }
}
