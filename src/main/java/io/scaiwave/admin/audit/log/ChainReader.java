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
 * Reads a chain forwards, page by page. A page is bounded in what it reads, not in what the filters let through, so that none
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
                .ofChain(head.chain(), view.query())
                .and("id > $", after)
                .and("id <= $", head.lastId())
                .within(view.query());
        String source = "SELECT %s, bytes FROM audit_log WHERE %s ORDER BY id LIMIT %s"
                .formatted(AuditEntry.COLUMNS, where, where.parameter(ENTRIES));
        return read(view, source, where.others().about(view.query()));
    }

    private static final String READ = """
            SELECT %1$s, matches FROM (
                SELECT sized.*, (%3$s) AS matches, lead(id) OVER (ORDER BY id) IS NULL AS is_last
                FROM (SELECT source.*, sum(%5$s) OVER (ORDER BY id) - %5$s AS bytes_before
                      FROM (%2$s) AS source) AS sized
                WHERE bytes_before < %4$s) AS page
            WHERE matches OR is_last ORDER BY id
            """;

    /** @param source a query with the columns of an entry and {@code bytes}, bounded, which the filter chooses from */
    static Future<Page> read(LogView view, String source, Conditions filter) {
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
