package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What Kafka has not acknowledged yet, and what it refuses. */
final class UnsentStore {
    private UnsentStore() {}

    /** Entries that Kafka has not acknowledged, oldest first, with their places in the queue. */
    record Unsent(List<Long> positions, List<Traced> entries) {}

    /** An entry with the trace context of the request that made it; null where there was none. */
    record Traced(AuditEntry entry, @Nullable String traceparent) {}

    private static final String UNSENT =
            """
            SELECT position, traceparent, %s FROM (
            SELECT sum(%s) OVER (ORDER BY u.position) - %s AS bytes_before, u.position, u.traceparent, %s
            FROM (SELECT position, entry_id, created_at, traceparent FROM audit_unsent WHERE shard = ANY ($1::smallint[])
                  ORDER BY position LIMIT $2) u
            JOIN audit_log l ON l.id = u.entry_id AND l.created_at = u.created_at) AS sized
            WHERE bytes_before < $3 ORDER BY position
            """.formatted(AuditEntry.SERVED, AuditEntry.BYTES, AuditEntry.BYTES, AuditEntry.columns("l"));

    static Future<Unsent> unsent(Database database, Short[] shards, Config.Audit config) {
        return database.readMuch(
                        UNSENT,
                        Tuple.tuple()
                                .addArrayOfShort(shards)
                                .addValue((long) config.batch())
                                .addValue(config.batchBytes()))
                .map(UnsentStore::unsent);
    }

    private static Unsent unsent(RowSet<Row> rows) {
        Function<Row, AuditEntry> reader = AuditEntry.reader(rows);
        return new Unsent(
                Rows.all(rows, row -> row.getLong("position")),
                Rows.all(rows, row -> new Traced(reader.apply(row), row.getString("traceparent"))));
    }

    /**
     * Takes entries out of the queue: Kafka has them, or refuses them.
     *
     * @param refused why Kafka refuses them, by id; they are parked
     */
    static Future<Void> done(Database database, List<Long> positions, Map<UUID, String> refused) {
        return database.call(
                        "SELECT audit_sent($1, $2, $3)",
                        Tuple.tuple()
                                .addArrayOfLong(positions.toArray(Long[]::new))
                                .addArrayOfUUID(refused.keySet().toArray(UUID[]::new))
                                .addArrayOfString(refused.values().toArray(String[]::new)))
                .mapEmpty();
    }
}
