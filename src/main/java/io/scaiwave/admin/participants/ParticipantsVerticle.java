package io.scaiwave.admin.participants;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Failure.Detail;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.models.ModelCatalogs;
import io.scaiwave.admin.participants.Participant.Configure;
import io.scaiwave.admin.participants.Participant.Creation;
import io.scaiwave.admin.participants.Participant.NewModelParticipant;
import io.scaiwave.admin.participants.Participant.Query;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Stream;

/** The members of a tenant's rooms, and the AI participants among them. */
public final class ParticipantsVerticle extends Feature {
    record Create(NewModelParticipant body) {}

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
        return ParticipantStore.list(database, caller, query);
    }

    private Future<Reply<Participant>> configure(Caller caller, Configure in) {
        return catalogs.require(caller, in.slug())
                .compose(v -> ParticipantStore.update(trail, caller, in, () -> firstTime(caller, in)));
    }

    private Future<Reply<Participant>> firstTime(Caller caller, Configure in) {
        List<Detail> missing = Stream.of("local_id", "display_name")
                .filter(name -> !in.body().has(name))
                .map(name -> new Detail("/" + name, "is required: the participant does not exist yet"))
                .toList();
        if (!missing.isEmpty()) {
            return Future.failedFuture(Failure.invalid(missing));
        }
        Creation made = new Creation(in.slug(), in.body().fields(), serverName);
        return ParticipantStore.create(trail, caller, made).recover(e -> {
            if (e instanceof Failure failure && failure.kind() == Failure.Kind.CONFLICT) {
                // A parallel request may have made it, and so taken the local_id or the last place: then configure it.
                return ParticipantStore.update(trail, caller, in, () -> Future.failedFuture(e));
            }
            return Future.failedFuture(e);
        });
    }

    private Future<Reply<Participant>> create(Caller caller, Create in) {
        Creation made = new Creation(in.body.model(), Json.object(in.body), serverName);
        return catalogs.require(caller, made.model())
                .compose(v -> ParticipantStore.createOnce(trail, caller, made))
                // The model's first was made by a parallel request in the meantime: then this one is another.
                .recover(e -> e == ParticipantStore.FIRST_EXISTS ? create(caller, in) : Future.failedFuture(e));
    }
}
