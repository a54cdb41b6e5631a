package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.AuditEntry;
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

    /** Says in the chain that it is being sent again; committed before the first entry is. */
    static void audit(LogTables notes, String chain, Range range) {
        try {
            VerbAudit.say(notes.connection(), chain, "audit.replay", Map.of("from", range.from(), "to", range.to()));
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
