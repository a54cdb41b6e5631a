package io.scaiwave.admin.audit;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Scope;
import io.scaiwave.admin.json.Json;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The replies already given under an Idempotency-Key, kept for 24 hours. A key belongs to its actor as they reach, since one person
 * may be an admin of two partners, to its operation, and to the tenant acted on.
 */
final class IdempotencyKeys {
    private IdempotencyKeys() {}

    /** The operation, and the tenant it is on: the same key in another tenant is another key. */
    private static String place(Caller caller) {
        String operation = caller.request().operation();
        if (caller.target() == null) {
            return operation;
        }
        return operation + " " + caller.target().id();
    }

    private static final String CLAIM = """
            INSERT INTO idempotency_keys AS k (actor_id, reach, operation, key, fingerprint) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT ON CONSTRAINT idempotency_keys_pk DO UPDATE
            SET fingerprint = excluded.fingerprint, reply = NULL, created_at = now()
            WHERE k.created_at < now() - interval '24 hours'
            RETURNING 1
            """;

    private static final String READ = """
            SELECT fingerprint, reply FROM idempotency_keys
            WHERE actor_id = $1 AND reach = $2 AND operation = $3 AND key = $4
            """;

    /** Null when the key is now ours; else the reply given before, once whoever holds the key has committed. */
    static <R> Future<@Nullable Reply<R>> claim(
            SqlConnection connection, Caller caller, Caller.IdempotencyKey key, Class<R> type) {
        Tuple claim = row(caller, key).addValue(key.fingerprint());
        return connection.preparedQuery(CLAIM).execute(claim).compose(claimed -> {
            if (claimed.rowCount() == 1) {
                return Future.succeededFuture(null);
            }
            return connection
                    .preparedQuery(READ)
                    .execute(row(caller, key))
                    .map(rows -> replay(rows.iterator().next(), key, type));
        });
    }

    /** What names the row of a key. */
    private static Tuple row(Caller caller, Caller.IdempotencyKey key) {
        return Tuple.of(caller.actor().id(), reach(caller), place(caller), key.value());
    }

    private static String reach(Caller caller) {
        Caller.Reach reach = caller.reach();
        if (reach.all()) {
            return "all";
        }
        return reach.none() ? "tenant:" + caller.tenant().id() : "partner:" + reach.partnerId();
    }

    private static <R> Reply<R> replay(Row row, Caller.IdempotencyKey key, Class<R> type) {
        if (!row.getString("fingerprint").equals(key.fingerprint())) {
            throw Failure.conflict(
                    "SW_IDEMPOTENCY_KEY_REUSED", "Idempotency-Key", "was used before with another request");
        }
        JsonObject kept = row.getJsonObject("reply");
        R data = Json.MAPPER.convertValue(kept.getJsonObject("data").getMap(), type);
        return Reply.replayed(data, kept.getString("version"));
    }

    private static final String EXPIRE = "DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours'";

    static Future<Void> expire(Database database) {
        return database.write(Scope.ALL, EXPIRE, Tuple.tuple()).mapEmpty();
    }

    private static final String KEEP = """
            UPDATE idempotency_keys SET reply = $5 WHERE actor_id = $1 AND reach = $2 AND operation = $3 AND key = $4
            """;

    static <R> Future<Reply<R>> keep(
            SqlConnection connection, Caller caller, Caller.IdempotencyKey key, Reply<R> reply) {
        JsonObject kept = new JsonObject()
                .put("data", Json.object(Objects.requireNonNull(reply.data())))
                .put("version", reply.version());
        return connection
                .preparedQuery(KEEP)
                .execute(row(caller, key).addValue(kept))
                .map(reply);
    }
}
