package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The statements of a replay. */
final class ReplayStore {
    private ReplayStore() {}

    record Range(long from, long to) {}

    /** For each chain the range that its parked entries lie in. */
    static void parked(LogTables log, ChainsOption scope, Map<String, Range> ranges) {
        log.each(
                "SELECT chain, min(seq) AS first, max(seq) AS last FROM audit_parked WHERE entry_id IS NOT NULL GROUP BY chain",
                row -> {
                    String chain = row.getString("chain");
                    if (scope.has(chain)) {
                        ranges.put(chain, new Range(row.getLong("first"), row.getLong("last")));
                    }
                });
    }

    /** Whether the log has each of them. */
    static boolean has(LogTables log, String chain, Range range) {
        List<Long> counts = new ArrayList<>(1);
        log.each(
                "SELECT count(*) AS entries FROM audit_log WHERE chain = ? AND seq BETWEEN ? AND ?",
                row -> counts.add(row.getLong("entries")),
                chain,
                range.from(),
                range.to());
        return counts.equals(List.of(range.to() - range.from() + 1));
    }

    private static final String AUDIT = """
            INSERT INTO audit_outbox (chain, tenant_id, partner_id, action, resource_id, changes, actor_id, actor_type)
            SELECT chain, t.id, coalesce(t.partner_id, CASE WHEN kind = 'partner' THEN owner::uuid END), action,
                   coalesce(owner, chain), jsonb_build_object('before', NULL, 'after', after), actor, 'system'
            FROM (SELECT c AS chain, split_part(c, ':', 1) AS kind, nullif(split_part(c, ':', 2), '') AS owner, action, after, actor
                  FROM (VALUES (?::text, ?::text, ?::jsonb, ?::text)) AS asked (c, action, after, actor)) AS done
            LEFT JOIN tenants t ON kind = 'tenant' AND t.id::text = owner
            """;

    /** Says in a chain what a verb does to it; takes part in the transaction of the connection. */
    static void audit(Connection connection, String chain, String action, Object after) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(AUDIT)) {
            statement.setString(1, chain);
            statement.setString(2, action);
            statement.setString(3, Json.text(after));
            statement.setString(4, "cli:" + System.getProperty("user.name"));
            statement.executeUpdate();
        }
    }

    /** Says in the chain that it is being sent again; committed before the first entry is. */
    static void audit(LogTables notes, String chain, Range range) {
        try {
            audit(notes.connection(), chain, "audit.replay", Map.of("from", range.from(), "to", range.to()));
        } catch (SQLException e) {
            throw LogTables.failed(e);
        }
    }

    private static final String ENTRIES =
            "SELECT " + AuditEntry.COLUMNS + " FROM audit_log WHERE chain = ? AND seq BETWEEN ? AND ?%s ORDER BY id";

    private static final String ONLY_PARKED = " AND id IN (SELECT entry_id FROM audit_parked)";

    /** In the order of each chain. */
    static void entries(LogTables log, Map<String, Range> ranges, boolean parked, Consumer<AuditEntry> receiver) {
        ranges.forEach((chain, range) -> log.each(
                ENTRIES.formatted(parked ? ONLY_PARKED : ""),
                row -> receiver.accept(LogRow.of(row).entry()),
                chain,
                range.from(),
                range.to()));
    }

    /** What the brokers have is parked no longer. */
    static void unpark(LogTables notes, List<AuditEntry> acknowledged) {
        try (PreparedStatement statement = notes.connection().prepareStatement("SELECT audit_sent_again(?::uuid[])")) {
            Object[] ids =
                    acknowledged.stream().map(entry -> entry.id().toString()).toArray();
            statement.setArray(1, notes.connection().createArrayOf("text", ids));
            statement.execute();
        } catch (SQLException e) {
            throw LogTables.failed(e);
        }
    }
}
