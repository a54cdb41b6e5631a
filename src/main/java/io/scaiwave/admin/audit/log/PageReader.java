package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.bus.Caller;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log backwards, newest first, by one bounded step: so many rows at most, whatever the filters let through, and so many
 * bytes. A page may therefore be short, or empty, and still not be the last.
 */
final class PageReader {
    private static final int ROWS = 5_000;
    /** Of each partner of a fleet, however many there are. */
    private static final int ROWS_OF_ONE = 20;

    private static final int BYTES = 1 << 20;

    /**
     * Entries that match the filters, newest first.
     *
     * @param reached how far has been read; null: to the end
     */
    record Page(List<AuditEntry> entries, @Nullable UUID reached) {}

    private PageReader() {}

    /** @param before null: from the newest */
    static Future<Page> read(LogView view, @Nullable UUID before, int limit) {
        Conditions step = new Conditions();
        String found = found(view, step, before, limit);
        String sql = PAGE.formatted(AuditEntry.SERVED, found, AuditEntry.BYTES, BYTES, step.parameter(limit));
        return view.read(sql, step.parameters()).map(PageReader::page);
    }

    private static String found(LogView view, Conditions step, @Nullable UUID before, int limit) {
        Caller caller = view.caller();
        AuditQuery query = view.query();
        if (caller.target() != null) {
            step.ofChain(Chain.nameOfTenant(caller.target().id()), query);
        } else {
            step.since(query);
        }
        step.and("id < $", before).within(query);
        String matches = step.others().about(query).toString();
        String more = step.parameter(limit + 1);
        if (caller.target() == null && !caller.reach().all()) {
            String partner =
                    step.parameter(Objects.requireNonNull(caller.reach().partnerId(), "reaches nothing"));
            return OF_PARTNERS.formatted(AuditEntry.COLUMNS, step, matches, more, partner, ROWS, ROWS_OF_ONE);
        }
        return IN_ORDER.formatted(AuditEntry.COLUMNS, step, matches, more, ROWS);
    }

    /** Of one chain, or of all, in the order of an index. It ends early when it has found enough, and then does not look how far it is. */
    private static final String IN_ORDER = """
            WITH found AS MATERIALIZED (
                SELECT * FROM (SELECT %1$s, bytes FROM audit_log WHERE %2$s ORDER BY id DESC LIMIT %5$d) AS step
                WHERE %3$s ORDER BY id DESC LIMIT %4$s),
            reached AS (
                SELECT CASE WHEN (SELECT count(*) FROM found) < %4$s THEN (
                    SELECT id FROM audit_log WHERE %2$s ORDER BY id DESC OFFSET %5$d - 1 LIMIT 1) END AS id)
            """;

    /** An equal share of each partner's. Where a share was used up, what is older than its end is left for the next page. */
    private static final String OF_PARTNERS = """
            WITH reach AS MATERIALIZED (SELECT id AS of_partner FROM partners WHERE lineage @> ARRAY[%5$s]::uuid[]),
            share AS MATERIALIZED (SELECT greatest(%7$d, %6$d / greatest(1, count(*))) AS size FROM reach),
            step AS MATERIALIZED (
                SELECT next.* FROM reach CROSS JOIN LATERAL (
                    SELECT newest.*, row_number() OVER (ORDER BY id DESC) AS place
                    FROM (SELECT %1$s, bytes FROM audit_log WHERE partner_id = of_partner AND %2$s
                          ORDER BY id DESC LIMIT (SELECT size FROM share)) AS newest) AS next),
            reached AS MATERIALIZED (
                SELECT (SELECT id FROM step WHERE place = (SELECT size FROM share) ORDER BY id DESC LIMIT 1) AS id),
            found AS MATERIALIZED (
                SELECT %1$s, bytes FROM step
                WHERE id >= coalesce((SELECT id FROM reached), '00000000-0000-0000-0000-000000000000') AND %3$s
                ORDER BY id DESC LIMIT %4$s)
            """;

    /** One row at least, which says how far has been read. */
    private static final String PAGE = """
            %2$s
            SELECT reached.id AS reached, (SELECT count(*) FROM found) AS found, page.*
            FROM reached LEFT JOIN (
                SELECT %1$s FROM (
                    SELECT found.*, sum(%3$s) OVER (ORDER BY id DESC) - %3$s AS bytes_before FROM found) AS sized
                WHERE bytes_before < %4$d ORDER BY id DESC LIMIT %5$s) AS page ON true
            ORDER BY page.id DESC
            """;

    private static Page page(RowSet<Row> rows) {
        List<AuditEntry> entries = new ArrayList<>(rows.size());
        Function<Row, AuditEntry> reader = AuditEntry.reader(rows);
        UUID reached = null;
        long found = 0;
        for (Row row : rows) {
            reached = row.getUUID("reached");
            found = row.getLong("found");
            if (row.getUUID("id") != null) {
                entries.add(reader.apply(row));
            }
        }
        boolean all = entries.size() == found;
        return new Page(entries, all ? reached : entries.get(entries.size() - 1).id());
    }
}
