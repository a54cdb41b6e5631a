package io.scaiwave.admin.audit;

import io.scaiwave.admin.Config;
import io.scaiwave.admin.Json;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The audit verticle's statements: from the outbox into the log, and from the log to Kafka. */
final class AuditStore {
    private AuditStore() {}

    static Future<Void> makePartitions(Database database, int monthsAhead) {
        return database.write("SELECT audit_make_partitions($1)", Tuple.of(monthsAhead))
                .mapEmpty();
    }

    private static final String CLAIM = """
            DELETE FROM audit_outbox WHERE id IN (
                SELECT id FROM (
                    SELECT id, sum(octet_length(changes::text)) OVER (ORDER BY id) - octet_length(changes::text) AS bytes_before
                    FROM (SELECT id, changes FROM audit_outbox ORDER BY id LIMIT $1) AS oldest) AS sized
                WHERE bytes_before < $2)
            RETURNING id AS position, created_at, chain, tenant_id, partner_id, action, resource_type, resource_id, changes,
                      actor_id, actor_type, actor_name, ip_address, user_agent, request_id
            """;

    private static final String HEADS = "SELECT chain, seq, hash, last_id FROM audit_chain WHERE chain = ANY ($1)";

    private static final String APPEND = """
            WITH entries AS (
                INSERT INTO audit_log (%1$s)
                SELECT %1$s FROM jsonb_populate_recordset(NULL::audit_log, $1)
                RETURNING id, created_at, chain),
            unsent AS (
                INSERT INTO audit_unsent (entry_id, created_at, shard)
                SELECT id, created_at, audit_shard(chain) FROM entries ORDER BY id)
            INSERT INTO audit_chain (chain, seq, hash, last_id)
            SELECT DISTINCT ON (chain) chain, seq, hash, id FROM jsonb_populate_recordset(NULL::audit_log, $1)
            ORDER BY chain, seq DESC
            ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, last_id = excluded.last_id
            """.formatted(AuditEntry.COLUMNS);

    /** Moves one batch from the outbox to the ends of its chains, in one transaction; says how many events it was. */
    static Future<Integer> appendBatch(SqlConnection session, Config.Audit config) {
        return session.begin().compose(transaction -> session.preparedQuery(CLAIM)
                .execute(Tuple.of(config.batch(), config.batchBytes()))
                .compose(claimed -> append(session, claimed))
                .compose(count -> transaction.commit().map(count))
                .onFailure(e -> transaction.rollback()));
    }

    private static Future<Integer> append(SqlConnection session, RowSet<Row> claimed) {
        if (claimed.rowCount() == 0) {
            return Future.succeededFuture(0);
        }
        // An outbox id is taken while the changed row is locked, so that events of one resource are in the order of
        // their commits.
        List<Row> events = Rows.all(claimed, row -> row).stream()
                .sorted(Comparator.comparingLong(row -> row.getLong("position")))
                .toList();
        String[] chains =
                events.stream().map(row -> row.getString("chain")).distinct().toArray(String[]::new);
        return session.preparedQuery(HEADS)
                .execute(Tuple.tuple().addArrayOfString(chains))
                .compose(heads -> session.preparedQuery(APPEND).execute(Tuple.of(Json.array(joined(events, heads)))))
                .map(events.size());
    }

    private static List<AuditEntry> joined(List<Row> events, RowSet<Row> heads) {
        Map<String, Head> ends = new HashMap<>();
        heads.forEach(row -> ends.put(
                row.getString("chain"), new Head(row.getLong("seq"), row.getString("hash"), row.getUUID("last_id"))));
        List<AuditEntry> entries = new ArrayList<>(events.size());
        UUID last = null;
        for (Row event : events) {
            Head end = ends.getOrDefault(event.getString("chain"), Head.NONE);
            UUID floor = last == null || end.id != null && UuidV7.compare(end.id, last) > 0 ? end.id : last;
            AuditEntry entry = AuditEntry.joined(event, UuidV7.after(floor), end.seq + 1, end.hash);
            ends.put(entry.chain(), new Head(entry.seq(), entry.hash(), entry.id()));
            entries.add(entry);
            last = entry.id();
        }
        return entries;
    }

    private record Head(long seq, String hash, UUID id) {
        static final Head NONE = new Head(0, HashChain.GENESIS, null);
    }

    /** Entries that Kafka has not acknowledged, oldest first, with their places in the queue. */
    record Unsent(List<Long> positions, List<AuditEntry> entries) {}

    private static final String UNSENT = """
            SELECT position, %s FROM (
            SELECT sum(octet_length(l.changes::text)) OVER (ORDER BY u.position) - octet_length(l.changes::text) AS bytes_before,
                   u.position, l.id, l.chain, l.seq, l.created_at, l.action, l.actor_id, l.actor_type, l.actor_name,
                   l.resource_type, l.resource_id, l.tenant_id, l.partner_id, l.changes, l.ip_address, l.user_agent,
                   l.request_id, l.prev_hash, l.hash
            FROM (SELECT position, entry_id, created_at FROM audit_unsent ORDER BY position LIMIT $1) u
            JOIN audit_log l ON l.id = u.entry_id AND l.created_at = u.created_at) AS sized
            WHERE bytes_before < $2 ORDER BY position
            """.formatted(AuditEntry.COLUMNS);

    static Future<Unsent> unsent(SqlClient session, Config.Audit config) {
        return session.preparedQuery(UNSENT)
                .execute(Tuple.of(config.batch(), config.batchBytes()))
                .map(rows ->
                        new Unsent(Rows.all(rows, row -> row.getLong("position")), Rows.all(rows, AuditEntry::of)));
    }

    static Future<Void> sent(SqlClient session, List<Long> positions) {
        return session.preparedQuery("DELETE FROM audit_unsent WHERE position = ANY ($1)")
                .execute(Tuple.tuple().addArrayOfLong(positions.toArray(Long[]::new)))
                .mapEmpty();
    }
}
