package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.ChainHead;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log forwards, page by page. A page is bounded in what it reads, not in what the filters let through, so that none
 * takes long however few entries match, and in bytes, so that large changes do not make it large.
 */
final class ChainReader {
    private static final int ENTRIES = 500;
    private static final int BYTES = 512 * 1024;

    /**
     * Entries that match the filters.
     *
     * @param last the last entry read, whether it matches or not
     */
    record Page(List<AuditEntry> entries, @Nullable UUID last) {}

    private ChainReader() {}

    /** The next entries of a chain up to its head. */
    static Future<Page> ofChain(LogView view, ChainHead head, UUID after) {
        Conditions where = new Conditions()
                .and("chain = $", head.chain())
                .and("id > $", after)
                .and("id <= $", head.lastId())
                .within(view.query());
        String source = "SELECT %s FROM audit_log WHERE %s ORDER BY id LIMIT %s"
                .formatted(AuditEntry.COLUMNS, where, where.parameter(ENTRIES));
        return read(view, source, where.others().about(view.query()));
    }

    private static final String OF_CHAINS = """
            SELECT %1$s FROM unnest(%2$s::text[], %3$s::uuid[], %4$s::uuid[]) AS stretch (of_chain, after, up_to)
            CROSS JOIN LATERAL (
                SELECT %1$s FROM audit_log WHERE chain = of_chain AND id > after AND id <= up_to
                ORDER BY id LIMIT %5$s) AS next
            ORDER BY id LIMIT %5$s
            """;

    /** The next entries of several chains, in the order of all their ids. */
    static Future<Page> ofChains(LogView view, List<ReadPositions.Stretch> stretches) {
        Conditions filter = new Conditions();
        String source = OF_CHAINS.formatted(
                AuditEntry.COLUMNS,
                filter.parameter(
                        stretches.stream().map(ReadPositions.Stretch::chain).toArray(String[]::new)),
                filter.parameter(
                        stretches.stream().map(ReadPositions.Stretch::after).toArray(UUID[]::new)),
                filter.parameter(
                        stretches.stream().map(ReadPositions.Stretch::upTo).toArray(UUID[]::new)),
                filter.parameter(ENTRIES));
        return read(view, source, filter.about(view.query()).within(view.query()));
    }

    private static final String READ = """
            SELECT %1$s, matches FROM (
                SELECT sized.*, (%3$s) AS matches, lead(id) OVER (ORDER BY id) IS NULL AS is_last
                FROM (SELECT source.*, sum(octet_length(changes::text)) OVER (ORDER BY id)
                                       - octet_length(changes::text) AS bytes_before
                      FROM (%2$s) AS source) AS sized
                WHERE bytes_before < %4$s) AS page
            WHERE matches OR is_last ORDER BY id
            """;

    private static Future<Page> read(LogView view, String source, Conditions filter) {
        String sql = READ.formatted(AuditEntry.COLUMNS, source, filter, filter.parameter(BYTES));
        return view.database().read(sql, filter.parameters()).map(ChainReader::page);
    }

    private static Page page(RowSet<Row> rows) {
        List<AuditEntry> entries = new ArrayList<>(rows.size());
        UUID last = null;
        for (Row row : rows) {
            last = row.getUUID("id");
            if (row.getBoolean("matches")) {
                entries.add(AuditEntry.of(row));
            }
        }
        return new Page(entries, last);
    }
}
