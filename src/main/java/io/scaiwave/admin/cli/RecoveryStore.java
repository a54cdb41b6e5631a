package io.scaiwave.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.HashChain;
import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements of a recovery, each piece of it in one transaction. A dry run changes nothing. */
final class RecoveryStore {
    private final LogTables tables;
    private final Connection connection;
    private final boolean dryRun;

    /** The end of a chain. */
    record End(long seq, String hash) {
        static final End NONE = new End(0, HashChain.GENESIS);
    }

    /** Entries from one to another; none when it ends before it begins. */
    record Range(long from, long to) {
        @Nullable
        Map<String, Long> json() {
            return to < from ? null : Map.of("from", from, "to", to);
        }
    }

    RecoveryStore(LogTables tables, boolean dryRun) {
        this.tables = tables;
        this.connection = tables.connection();
        this.dryRun = dryRun;
    }

    private interface Work {
        void run() throws SQLException;
    }

    private void transaction(Work work) {
        if (dryRun) {
            return;
        }
        try {
            connection.setAutoCommit(false);
            try {
                work.run();
                connection.commit();
            } finally {
                connection.rollback(); // nothing after a commit
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw LogTables.failed(e);
        }
    }

    private int execute(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
            return statement.getUpdateCount();
        }
    }

    /** Where the database's chains end. */
    Map<String, End> ends() {
        Map<String, End> ends = new HashMap<>();
        tables.each(
                "SELECT chain, seq, hash FROM audit_chain",
                row -> ends.put(row.getString("chain"), new End(row.getLong("seq"), row.getString("hash"))));
        return ends;
    }

    private static final String MONTHS = """
            SELECT audit_make_month(month) FROM (
                SELECT DISTINCT date_trunc('month', created_at AT TIME ZONE 'UTC')::date AS month
                FROM jsonb_populate_recordset(NULL::audit_log, ?::jsonb)) AS needed
            """;

    private static final String CHAINS = """
            INSERT INTO audit_chain (chain, partner_id, seq, hash, last_id)
            SELECT DISTINCT ON (chain) chain, partner_id, 0, repeat('0', 64), '00000000-0000-0000-0000-000000000000'
            FROM jsonb_populate_recordset(NULL::audit_log, ?::jsonb) ORDER BY chain
            ON CONFLICT (chain) DO NOTHING
            """;

    /** The chain's end is locked by the update, and is where the first entry joins, or nothing is written. */
    private static final String APPEND = """
            WITH batch AS MATERIALIZED (SELECT * FROM jsonb_populate_recordset(NULL::audit_log, ?::jsonb)),
            first AS (SELECT DISTINCT ON (chain) chain, seq, prev_hash FROM batch ORDER BY chain, seq),
            last AS (SELECT DISTINCT ON (chain) chain, seq, hash, id, created_at FROM batch ORDER BY chain, seq DESC),
            entries AS (INSERT INTO audit_log (%1$s, bytes) SELECT %1$s, octet_length(changes::text) FROM batch)
            UPDATE audit_chain c SET seq = last.seq, hash = last.hash, last_id = last.id,
                last_at = greatest(last_at, last.created_at)
            FROM first JOIN last USING (chain)
            WHERE c.chain = first.chain AND c.seq = first.seq - 1 AND c.hash = first.prev_hash
            """.formatted(AuditEntry.COLUMNS);

    /** An event that the restored outbox still has, though it had joined the log before the restore. */
    private static final String JOINED = """
            DELETE FROM audit_outbox o USING jsonb_populate_recordset(NULL::audit_log, ?::jsonb) AS b
            WHERE o.chain = b.chain AND o.request_id = b.request_id AND o.action = b.action
              AND o.resource_id = b.resource_id AND o.actor_id = b.actor_id AND o.changes = b.changes
            """;

    /**
     * Appends entries, each chain's in their order.
     *
     * @throws Unreadable when a chain has been appended to meanwhile
     */
    void append(List<JsonNode> entries) {
        String json = Json.text(entries);
        long chains = entries.stream()
                .map(entry -> entry.path("chain").asText())
                .distinct()
                .count();
        transaction(() -> {
            execute(MONTHS, json);
            execute(CHAINS, json);
            if (execute(APPEND, json) != chains) {
                throw new Unreadable("a chain grew meanwhile: stop what writes to this database, and try again");
            }
            execute(JOINED, json);
        });
    }

    private static final String SKIP =
            "UPDATE audit_chain SET seq = ?, hash = ? WHERE chain = ? AND seq = ? AND hash = ?";

    private static final String SKIP_ALL =
            "INSERT INTO audit_chain (chain, seq, hash, last_id) VALUES (?, ?, ?, '00000000-0000-0000-0000-000000000000')";

    private void skip(String chain, End end, End last) throws SQLException {
        int skipped = end.seq() == 0
                ? execute(SKIP_ALL, chain, last.seq(), last.hash())
                : execute(SKIP, last.seq(), last.hash(), chain, end.seq(), end.hash());
        if (skipped != 1) {
            throw new Unreadable(
                    "%s grew meanwhile: stop what writes to this database, and try again".formatted(chain));
        }
    }

    /**
     * Says in the chain what was brought back and what is lost, and lets it go on behind that.
     *
     * @param end up to where it was brought back
     * @param last the entry that it goes on behind: the same, or one that is nowhere any more
     */
    void end(String chain, Range recovered, End end, End last) {
        Map<String, @Nullable Object> after = new LinkedHashMap<>();
        after.put("recovered", recovered.json());
        after.put("lost", new Range(end.seq() + 1, last.seq()).json());
        transaction(() -> {
            if (last.seq() > end.seq()) {
                skip(chain, end, last);
            }
            VerbAudit.say(connection, chain, "audit.recover", after);
        });
    }
}
