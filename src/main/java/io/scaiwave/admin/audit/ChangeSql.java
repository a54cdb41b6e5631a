package io.scaiwave.admin.audit;

import io.scaiwave.admin.audit.entry.OutboxColumns;
import io.scaiwave.admin.db.Scope;
import java.util.regex.Pattern;

/**
 * The SQL of a change with its event, one statement and so one commit. The feature writes a WITH list whose last member is
 * {@code change}, with the columns {@code action, resource_id, before, after} (jsonb; before is null for a creation) and those
 * its reply needs. A row whose before and after are equal writes no event.
 *
 * @param live makes the change
 * @param rehearsal the same, and shows the event; for a transaction that is rolled back
 */
public record ChangeSql(String live, String rehearsal) {
    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");

    /** Writes the event, with the context that {@link AuditTrail} appends to the feature's own parameters. */
    private static final String EVENT = """
            , event AS (
                INSERT INTO audit_outbox (%s)
                SELECT $1::text, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::text,
                       $8::text, $9::text, $10::text, $11::text, action, resource_id,
                       jsonb_build_object('before', before - same, 'after', after - same)
                FROM change, LATERAL (
                    SELECT coalesce(array_agg(key), '{}') AS same FROM jsonb_each(before) WHERE value = after -> key) AS each
                WHERE before IS DISTINCT FROM after
                RETURNING *)
            SELECT change.*""".formatted(OutboxColumns.WRITTEN);

    /** The parameters of an event, and the scope. */
    private static final int CONTEXT = 12;

    private static final String LIVE = " FROM change";
    private static final String REHEARSAL = ", (SELECT jsonb_agg(to_jsonb(event)) FROM event) AS events FROM change";

    public static ChangeSql of(String sql) {
        int own = PARAMETER
                .matcher(sql)
                .results()
                .mapToInt(m -> Integer.parseInt(m.group(1)))
                .max()
                .orElse(0);
        String all = sql + PARAMETER.matcher(EVENT).replaceAll(m -> "\\$" + (own + Integer.parseInt(m.group(1))));
        String scoped = Scope.entered(own + CONTEXT);
        return new ChangeSql(all + LIVE + scoped, all + REHEARSAL + scoped);
    }
}
