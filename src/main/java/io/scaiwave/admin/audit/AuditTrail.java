package io.scaiwave.admin.audit;

import io.scaiwave.admin.audit.entry.OutboxColumns;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.bus.Signal;
import io.scaiwave.admin.db.Constraints;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.scaiwave.admin.json.Json;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one door through which data changes. A change and its audit event are one SQL statement, so that either both are
 * committed or neither is; only then is there a reply.
 */
public final class AuditTrail {
    /** There may be events in the outbox. */
    public static final Signal APPENDED = new Signal("audit.appended");

    /** There may be new entries in the log. */
    public static final Signal LOGGED = new Signal("audit.logged");

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
        return made(caller, chain, change)
                .compose(reply -> orOtherwise(reply, change))
                .onSuccess(reply -> APPENDED.publish(bus));
    }

    /** A change within one tenant waits for none of another's: those are committed together. */
    private <R> Future<@Nullable Reply<R>> made(Caller caller, Chain chain, Change<R> change) {
        if (caller.target() == null) {
            return database.connected(caller.account(), connection -> execute(connection, caller, chain, change));
        }
        return replied(
                database.together(caller.account(), change.statement().live(), parameters(caller, chain, change)),
                change);
    }

    /**
     * Makes the change once for an Idempotency-Key, however often and however parallel the request comes: the key's row is
     * taken before the change and committed with it, and a repeat waits for that commit and gets the same reply.
     */
    public <R> Future<Reply<R>> changeOnce(Caller caller, Class<R> type, Chain chain, Change<R> change) {
        Caller.Terms terms = caller.request().terms();
        Caller.IdempotencyKey key = terms.key();
        if (key == null || terms.dryRun()) {
            return change(caller, chain, change);
        }
        return database.transaction(Scope.of(caller), caller.account(), connection -> IdempotencyKeys.claim(
                                connection, caller, key, type)
                        .compose(earlier -> {
                            if (earlier != null) {
                                return Future.succeededFuture(earlier);
                            }
                            return execute(connection, caller, chain, change)
                                    .compose(reply -> orOtherwise(reply, change))
                                    .compose(reply -> IdempotencyKeys.keep(connection, caller, key, reply));
                        }))
                .onSuccess(reply -> APPENDED.publish(bus));
    }

    private static <R> Future<Reply<R>> orOtherwise(@Nullable Reply<R> reply, Change<R> change) {
        return reply == null ? change.otherwise().get() : Future.succeededFuture(reply);
    }

    private static final String RECORD = """
            INSERT INTO audit_outbox (%s) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """.formatted(OutboxColumns.WRITTEN);

    /** Puts on record what changes no data; completes when it is committed. */
    public Future<Void> record(Caller.Actor actor, Caller.Origin origin, Chain chain, Occurrence what) {
        JsonObject changes = new JsonObject().putNull("before").put("after", new JsonObject(what.details()));
        Tuple parameters = context(Tuple.tuple(), chain, actor, origin)
                .addValue(what.action())
                .addValue(what.resourceId())
                .addValue(changes);
        return database.write(chain.scope(), RECORD, parameters)
                .onSuccess(rows -> APPENDED.publish(bus))
                .mapEmpty();
    }

    /** Kafka takes an entry only up to a size. The contract's limits keep each change below it; this keeps the rest out. */
    private static final Constraints FITS = new Constraints(Map.of(
            "audit_outbox_fits_record",
            Failure.invalid("", "changes too much at once: its audit entry would have more than 950,000 bytes")));

    private static <R> Future<Reply<R>> execute(SqlClient client, Caller caller, Chain chain, Change<R> change) {
        return replied(
                client.preparedQuery(change.statement().live()).execute(parameters(caller, chain, change)), change);
    }

    private static <R> Future<@Nullable Reply<R>> replied(Future<RowSet<Row>> made, Change<R> change) {
        return made.recover(change.rules()::translate)
                .recover(FITS::translate)
                .map(rows -> Rows.first(rows, change.reply()));
    }

    private <R> Future<Reply<R>> rehearse(Caller caller, Chain chain, Change<R> change) {
        Tuple parameters = parameters(caller, chain, change);
        return database.connected(caller.account(), connection -> rolledBack(connection, change.statement(), parameters)
                        .recover(change.rules()::translate)
                        .recover(FITS::translate))
                .map(rows -> Rows.first(rows, row -> rehearsed(row, change)))
                .compose(reply -> orOtherwise(reply, change));
    }

    private static Future<RowSet<Row>> rolledBack(SqlConnection connection, ChangeSql statement, Tuple parameters) {
        return connection.begin().compose(transaction -> connection
                .preparedQuery(statement.rehearsal())
                .execute(parameters)
                // A failed statement has rolled back already, and the second rollback then fails: the first failure
                // counts.
                .eventually(() -> transaction.rollback().otherwiseEmpty()));
    }

    private static <R> Reply<R> rehearsed(Row row, Change<R> change) {
        return change.reply().apply(row).rehearsed().with("dry_run", true).with("audit_entry", preview(row));
    }

    private static Tuple parameters(Caller caller, Chain chain, Change<?> change) {
        Tuple all = Tuple.tuple();
        for (int i = 0; i < change.parameters().size(); i++) {
            all.addValue(change.parameters().getValue(i));
        }
        return context(all, chain, caller.actor(), caller.request().origin())
                .addValue(Scope.of(caller).name());
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
                .addValue(actor.delegateId())
                .addValue(origin.ipAddress())
                .addValue(origin.userAgent())
                .addValue(origin.requestId())
                .addValue(origin.traceparent());
    }

    /** The entry as it would be, without what only its place in the chain gives it; null when nothing would change. */
    private static @Nullable JsonObject preview(Row row) {
        JsonArray events = row.getJsonArray("events");
        if (events == null) {
            return null;
        }
        JsonObject event = events.getJsonObject(0);
        JsonObject preview = new JsonObject();
        OutboxColumns.EVENT.forEach(member -> preview.put(member, event.getValue(member)));
        return preview.put("created_at", Json.time(OffsetDateTime.parse(event.getString("created_at"))));
    }
}
