package io.scaiwave.admin.audit;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.bus.Signal;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.json.Json;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

/**
 * The one door through which data changes. A change and its audit event are one SQL statement, so that either both are
 * committed or neither is; only then is there a reply.
 */
public final class AuditTrail {
    /** Says that there may be events in the outbox. */
    public record Appended() {}

    public static final Signal<Appended> APPENDED = new Signal<>("audit.appended");

    /** Says that there may be new entries in the log. */
    public record Logged() {}

    public static final Signal<Logged> LOGGED = new Signal<>("audit.logged");

    /** Something to be on record that changes no data. */
    public record Occurrence(String action, String resourceId, Map<String, Object> details) {}

    private static final Appended APPENDED_EVENT = new Appended();
    /** The members of an entry that do not come from its place in the chain. */
    private static final List<String> PREVIEWED = AuditEntry.MEMBERS.stream()
            .filter(member -> !List.of("id", "seq", "prev_hash", "hash").contains(member))
            .toList();

    private final Database database;
    private final EventBus bus;

    public AuditTrail(Database database, EventBus bus) {
        this.database = database;
        this.bus = bus;
    }

    /** Makes the change with its event; under {@code dry_run} rehearses it and rolls it back. */
    public <R> Future<Reply<R>> change(Caller caller, Chain chain, Change<R> change) {
        if (caller.request().terms().dryRun()) {
            return rehearse(caller, chain, change);
        }
        return database.connected(connection -> execute(connection, caller, chain, change))
                .compose(reply -> reply == null ? change.otherwise().get() : announced(reply));
    }

    /**
     * Makes the change once for an Idempotency-Key, however often and however parallel the request comes: the key's row is
     * taken before the change and committed with it, and a repeat waits for that commit and gets the same reply.
     */
    public <R> Future<Reply<R>> changeOnce(Caller caller, Class<R> type, Chain chain, Change<R> change) {
        Caller.Terms terms = caller.request().terms();
        if (terms.key() == null || terms.dryRun()) {
            return change(caller, chain, change);
        }
        return database.transaction(connection -> IdempotencyKeys.claim(connection, caller, type)
                        .compose(earlier -> earlier != null
                                ? Future.succeededFuture(earlier)
                                : execute(connection, caller, chain, change)
                                        .compose(reply -> reply == null
                                                ? change.otherwise().get()
                                                : Future.succeededFuture(reply))
                                        .compose(reply -> IdempotencyKeys.keep(connection, caller, reply))))
                .compose(this::announced);
    }

    private static final String RECORD = """
            INSERT INTO audit_outbox (action, resource_id, changes, chain, tenant_id, partner_id,
                                      actor_id, actor_type, actor_name, ip_address, user_agent, request_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """;

    /** Puts on record what changes no data; completes when it is committed. */
    public Future<Void> record(Caller.Actor actor, Caller.Origin origin, Chain chain, Occurrence what) {
        JsonObject changes = new JsonObject().putNull("before").put("after", new JsonObject(what.details));
        Tuple parameters = Tuple.of(what.action, what.resourceId, changes);
        return database.write(RECORD, context(parameters, chain, actor, origin))
                .onSuccess(rows -> APPENDED.publish(bus, APPENDED_EVENT))
                .mapEmpty();
    }

    private <R> Future<Reply<R>> announced(Reply<R> reply) {
        APPENDED.publish(bus, APPENDED_EVENT);
        return Future.succeededFuture(reply);
    }

    private static <R> Future<Reply<R>> execute(SqlClient client, Caller caller, Chain chain, Change<R> change) {
        return client.preparedQuery(change.statement().live())
                .execute(parameters(caller, chain, change))
                .recover(change.rules()::translate)
                .map(rows -> Rows.first(rows, change.reply()));
    }

    private <R> Future<Reply<R>> rehearse(Caller caller, Chain chain, Change<R> change) {
        return database.connected(connection -> rolledBack(connection, client -> client.preparedQuery(
                                change.statement().rehearsal())
                        .execute(parameters(caller, chain, change))
                        .recover(change.rules()::translate)))
                .map(rows -> Rows.first(
                        rows,
                        row -> change.reply().apply(row).with("dry_run", true).with("audit_entry", preview(row))))
                .compose(reply -> reply == null ? change.otherwise().get() : Future.succeededFuture(reply));
    }

    private static <T> Future<T> rolledBack(
            SqlConnection connection, java.util.function.Function<SqlClient, Future<T>> work) {
        return connection.begin().compose(transaction -> work.apply(connection)
                // A failed statement has rolled back already, and the second rollback then fails: the first failure
                // counts.
                .eventually(() -> transaction.rollback().otherwiseEmpty()));
    }

    private static Tuple parameters(Caller caller, Chain chain, Change<?> change) {
        Tuple all = Tuple.tuple();
        for (int i = 0; i < change.parameters().size(); i++) {
            all.addValue(change.parameters().getValue(i));
        }
        return context(all, chain, caller.actor(), caller.request().origin());
    }

    /** Adds who, where and in which request. */
    private static Tuple context(Tuple parameters, Chain chain, Caller.Actor actor, Caller.Origin origin) {
        return parameters
                .addValue(chain.name())
                .addValue(chain.tenantId())
                .addValue(chain.partnerId())
                .addValue(actor.id())
                .addValue(actor.type())
                .addValue(actor.name())
                .addValue(origin.ipAddress())
                .addValue(origin.userAgent())
                .addValue(origin.requestId());
    }

    /** The entry as it would be, without what only its place in the chain gives it; null when nothing would change. */
    private static JsonObject preview(Row row) {
        JsonArray events = row.getJsonArray("events");
        if (events == null) {
            return null;
        }
        JsonObject event = events.getJsonObject(0);
        JsonObject preview = new JsonObject();
        PREVIEWED.forEach(member -> preview.put(member, event.getValue(member)));
        return preview.put("created_at", Json.time(OffsetDateTime.parse(event.getString("created_at"))));
    }
}
