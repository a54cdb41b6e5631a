package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/**
 * How far the trail is behind, on all nodes together. What is more than ten thousand is counted as ten thousand.
 *
 * @param outbox events that are not in the log yet
 * @param unsent entries that Kafka has not acknowledged yet
 * @param parked events that the log refuses and entries that Kafka refuses
 * @param outboxAgeSeconds age of the oldest event that is not in the log; 0 when there is none
 * @param unsentAgeSeconds age of the oldest entry that Kafka has not acknowledged; 0 when there is none
 */
public record Backlog(long outbox, long unsent, long parked, double outboxAgeSeconds, double unsentAgeSeconds) {
    static final Backlog NONE = new Backlog(0, 0, 0, 0, 0);

    /** Counting is not to be felt, however long Kafka is away. */
    private static final int COUNTED_MAX = 10_000;

    private static final String MEASURE = """
            SELECT (SELECT count(*) FROM (SELECT FROM audit_outbox LIMIT %1$d) AS waiting) AS outbox,
                   (SELECT count(*) FROM (SELECT FROM audit_unsent LIMIT %1$d) AS waiting) AS unsent,
                   (SELECT count(*) FROM (SELECT FROM audit_parked LIMIT %1$d) AS waiting) AS parked,
                   coalesce(extract(epoch FROM now() - (SELECT created_at FROM audit_outbox ORDER BY id LIMIT 1)), 0)::float8
                       AS outbox_age,
                   coalesce(extract(epoch FROM now() - (SELECT created_at FROM audit_unsent ORDER BY position LIMIT 1)), 0)::float8
                       AS unsent_age
            """.formatted(COUNTED_MAX);

    /** How many are on their way. Without Kafka nothing waits for it. */
    public long pending(boolean streaming) {
        return outbox + (streaming ? unsent : 0);
    }

    /** The age of the oldest of them. */
    public double oldestAgeSeconds(boolean streaming) {
        return Math.max(outboxAgeSeconds, streaming ? unsentAgeSeconds : 0);
    }

    public static Future<Backlog> measure(Database database) {
        return database.read(Scope.ALL, MEASURE, Tuple.tuple())
                .map(rows -> Rows.first(
                        rows,
                        row -> new Backlog(
                                row.getLong("outbox"),
                                row.getLong("unsent"),
                                row.getLong("parked"),
                                row.getDouble("outbox_age"),
                                row.getDouble("unsent_age"))));
    }
}
