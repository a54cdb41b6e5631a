package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.ChainHead;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log forwards, page by page. A page is bounded in what it reads, not in what the filters let through, so that none
 * takes long however few entries match, and in bytes, so that large changes do not make it large.
 */
final class ChainReader {
    private static final int ENTRIES = 500;
    /** Read of all chains together, one of each aside. */
    private static final int OF_ALL = 5_000;

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
                .ofChain(head.chain(), view.query())
                .and("id > $", after)
                .and("id <= $", head.lastId())
                .within(view.query());
        String source = "SELECT %s, bytes FROM audit_log WHERE %s ORDER BY id LIMIT %s"
                .formatted(AuditEntry.COLUMNS, where, where.parameter(ENTRIES));
        return read(view, source, where.others().about(view.query()));
    }

    /** Where a chain's share was used up, what is newer than its end is left for the next page. */
    private static final String OF_CHAINS = """
            WITH step AS MATERIALIZED (
                SELECT next.* FROM unnest(%2$s::text[], %3$s::uuid[], %4$s::uuid[]) AS stretch (of_chain, after, up_to)
                CROSS JOIN LATERAL (
                    SELECT oldest.*, row_number() OVER (ORDER BY id) AS place
                    FROM (SELECT %1$s, bytes FROM audit_log WHERE chain = of_chain AND id > after AND id <= up_to
                          ORDER BY id LIMIT %5$s) AS oldest) AS next)
            SELECT %1$s, bytes FROM step
            WHERE id <= coalesce((SELECT id FROM step WHERE place = %5$s ORDER BY id LIMIT 1),
                                 'ffffffff-ffff-ffff-ffff-ffffffffffff')
            ORDER BY id LIMIT %6$d
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
                filter.parameter(Math.max(1, Math.min(ENTRIES, OF_ALL / stretches.size()))),
                ENTRIES);
        return read(view, source, filter.about(view.query()).within(view.query()));
    }

    private static final String READ = """
            SELECT %1$s, matches FROM (
                SELECT sized.*, (%3$s) AS matches, lead(id) OVER (ORDER BY id) IS NULL AS is_last
                FROM (SELECT source.*, sum(%5$s) OVER (ORDER BY id) - %5$s AS bytes_before
                      FROM (%2$s) AS source) AS sized
                WHERE bytes_before < %4$s) AS page
            WHERE matches OR is_last ORDER BY id
            """;

    private static Future<Page> read(LogView view, String source, Conditions filter) {
        String sql = READ.formatted(AuditEntry.SERVED, source, filter, filter.parameter(BYTES), AuditEntry.BYTES);
        return view.read(sql, filter.parameters()).map(ChainReader::page);
    }

    private static Page page(RowSet<Row> rows) {
        List<AuditEntry> entries = new ArrayList<>(rows.size());
        Function<Row, AuditEntry> reader = AuditEntry.reader(rows);
        UUID last = null;
        for (Row row : rows) {
            last = row.getUUID("id");
            if (row.getBoolean("matches")) {
                entries.add(reader.apply(row));
            }
        }
        return new Page(entries, last);
    }
}
