package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.db.UuidV7;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads several chains forwards, page by page, in the order of all their ids; what a page reads is bounded. */
final class ChainsReader {
    /** Of more chains each one's share would be so small that one of them has soon used it up, which ends the page. */
    private static final int EACH_MAX = 250;

    private static final int ROWS = 1_000;
    /** Read of these chains together, or of a fleet's partners, one of each aside. */
    private static final int OF_ALL = 5_000;

    /** Of each partner at least. */
    private static final int OF_ONE = 20;

    private ChainsReader() {}

    /** The next entries of chains that the caller may see. */
    static Future<ChainReader.Page> read(LogView view, List<ReadPositions.Stretch> stretches) {
        Conditions filter = new Conditions();
        String source = stretches.size() > EACH_MAX
                ? ofReach(view.caller().reach(), stretches, filter)
                : ofEach(stretches, filter);
        return ChainReader.read(view, source, filter.about(view.query()).within(view.query()));
    }

    /** Where a share was used up, what is newer than its end is left for the next page. */
    private static final String SHARES = """
            WITH step AS MATERIALIZED (
                SELECT next.* FROM %2$s CROSS JOIN LATERAL (
                    SELECT oldest.*, row_number() OVER (ORDER BY id) AS place
                    FROM (SELECT %1$s, bytes FROM audit_log WHERE %3$s ORDER BY id LIMIT %4$s) AS oldest) AS next)
            SELECT %1$s, bytes FROM step
            WHERE id <= coalesce((SELECT id FROM step WHERE place = %4$s ORDER BY id LIMIT 1),
                                 'ffffffff-ffff-ffff-ffff-ffffffffffff')
            ORDER BY id LIMIT %5$d
            """;

    private static final String OF_CHAIN = "chain = of_chain AND id > after AND id <= up_to";

    private static String ofEach(List<ReadPositions.Stretch> stretches, Conditions filter) {
        String share = filter.parameter(Math.min(ROWS, OF_ALL / stretches.size()));
        return SHARES.formatted(AuditEntry.COLUMNS, unnested(stretches, filter), OF_CHAIN, share, ROWS);
    }

    /** What the caller reaches, in the order of an index. What was read before, in chains that were ahead, is passed over. */
    private static final String OF_REACH = """
            SELECT reached.*, of_chain IS NOT NULL AS unread FROM (%s) AS reached LEFT JOIN %s ON %s
            """;

    private static String ofReach(Caller.Reach reach, List<ReadPositions.Stretch> stretches, Conditions filter) {
        UUID after = stretches.stream()
                .map(ReadPositions.Stretch::after)
                .min(UuidV7::compare)
                .orElseThrow();
        UUID upTo = stretches.stream()
                .map(ReadPositions.Stretch::upTo)
                .max(UuidV7::compare)
                .orElseThrow();
        String between = "id > " + filter.parameter(after) + " AND id <= " + filter.parameter(upTo);
        String reached = reach.all() ? ofAll(between) : ofPartners(reach, between, filter);
        String source = OF_REACH.formatted(reached, unnested(stretches, filter), OF_CHAIN);
        filter.and("unread = $", true);
        return source;
    }

    private static String ofAll(String between) {
        return "SELECT %s, bytes FROM audit_log WHERE %s ORDER BY id LIMIT %d"
                .formatted(AuditEntry.COLUMNS, between, ROWS);
    }

    private static String ofPartners(Caller.Reach reach, String between, Conditions filter) {
        String id = filter.parameter(Objects.requireNonNull(reach.partnerId(), "reaches nothing"));
        String partners = "partners WHERE lineage @> ARRAY[" + id + "]::uuid[]";
        return SHARES.formatted(
                AuditEntry.COLUMNS,
                "(SELECT id AS of_partner FROM " + partners + ") AS reach",
                "partner_id = of_partner AND " + between,
                "(SELECT least(%d, greatest(%d, %d / greatest(1, count(*)))) FROM %s)"
                        .formatted(ROWS, OF_ONE, OF_ALL, partners),
                ROWS);
    }

    private static String unnested(List<ReadPositions.Stretch> stretches, Conditions filter) {
        return "unnest(%s::text[], %s::uuid[], %s::uuid[]) AS stretch (of_chain, after, up_to)"
                .formatted(
                        filter.parameter(
                                all(stretches, ReadPositions.Stretch::chain).toArray(String[]::new)),
                        filter.parameter(
                                all(stretches, ReadPositions.Stretch::after).toArray(UUID[]::new)),
                        filter.parameter(
                                all(stretches, ReadPositions.Stretch::upTo).toArray(UUID[]::new)));
    }

    private static <T> Stream<T> all(List<ReadPositions.Stretch> stretches, Function<ReadPositions.Stretch, T> part) {
        return stretches.stream().map(part);
    }
}
