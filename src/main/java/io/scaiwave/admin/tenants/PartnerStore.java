package io.scaiwave.admin.tenants;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.Change;
import io.scaiwave.admin.audit.ChangeSql;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Caller.Reach;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Failure.Detail;
import io.scaiwave.admin.bus.Failure.Kind;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.bus.Resource;
import io.scaiwave.admin.db.Constraints;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.scaiwave.admin.db.UuidV7;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.tenants.Partner.NewPartner;
import io.scaiwave.admin.tenants.Partner.Put;
import io.scaiwave.admin.tenants.Partner.Query;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** partners: a forest in which callers see their own branch only. */
final class PartnerStore {
    private static final String NOT_FOUND = "SW_PARTNER_NOT_FOUND";

    private static final Constraints RULES = new Constraints(Map.of(
            "partner_depth",
            Failure.invalid("/parent_partner_id", "is as deep below other partners as one can be"),
            "partner_slug_unique",
            Failure.conflict("SW_PARTNER_SLUG_TAKEN", "/slug", "is taken"),
            "partner_scaikey_unique",
            Failure.conflict("SW_PARTNER_ALREADY_LINKED", "/scaikey_partner_id", "is linked to another partner")));

    private PartnerStore() {}

    /** A partner that a body names does not exist, or is out of the caller's reach: they cannot tell which. */
    static Failure notFound(String field) {
        return new Failure(
                Kind.NOT_FOUND, NOT_FOUND, "there is no such partner", List.of(new Detail(field, "names no partner")));
    }

    private static final String COLUMNS = """
        id, slug, name, scaikey_partner_id, status, contact_email, parent_partner_id, max_tenants, tenant_count, disabled_plugins, \
        version, created_at, updated_at\
        """;

    // A left join, so that the total is there also behind the last page.
    private static final String LIST = """
        WITH reached AS (SELECT %1$s FROM partners WHERE $1::boolean OR lineage @> ARRAY[$2]::uuid[]),
        page AS (SELECT %1$s FROM reached ORDER BY slug LIMIT $3::int OFFSET $4::int)
        SELECT (SELECT count(*) FROM reached) AS total, page.* FROM (VALUES (1)) AS one LEFT JOIN page ON true
        ORDER BY slug
        """.formatted(COLUMNS);

    static Future<Reply<List<Partner>>> list(Database database, Caller caller, Query query) {
        Reach reach = caller.reach();
        Tuple parameters = Tuple.of(reach.all(), reach.partnerId(), query.limit(), query.offset());
        return database.query(Scope.of(caller), caller.account(), LIST, parameters)
                .map(rows -> Reply.page(
                        Rows.all(rows, row -> row).stream()
                                .filter(row -> row.getUUID("id") != null)
                                .map(Partner::of)
                                .toList(),
                        rows.iterator().next().getLong("total"),
                        query.limit(),
                        query.offset()));
    }

    private static final String READ = """
        SELECT %s FROM partners WHERE id = $1 AND ($2::boolean OR lineage @> ARRAY[$3]::uuid[])
        """.formatted(COLUMNS);

    static Future<Reply<PartnerDetail>> read(Database database, Reach reach, UUID id) {
        return database.read(Scope.of(reach), READ, Tuple.of(id, reach.all(), reach.partnerId()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw missing();
                    }
                    return Rows.first(rows, PartnerStore::detail);
                });
    }

    private static final String RETURNED = """
        new.id::text AS resource_id, audited(old) AS before, audited(new) AS after,
        new.id, new.slug, new.name, new.scaikey_partner_id, new.status, new.contact_email, new.parent_partner_id,
        new.max_tenants, new.tenant_count, new.disabled_plugins, new.version, new.created_at, new.updated_at\
        """;

    // Only who reaches all can make a partner without a parent.
    private static final ChangeSql CREATE = ChangeSql.of("""
        WITH parent AS (
            SELECT id, lineage FROM partners WHERE id = $2 AND ($3::boolean OR lineage @> ARRAY[$4]::uuid[])
            UNION ALL
            SELECT NULL, '{}' WHERE $2::uuid IS NULL AND $3::boolean),
        change AS (
            INSERT INTO partners (id, slug, name, scaikey_partner_id, status, contact_email, parent_partner_id,
                                  max_tenants, lineage, held)
            SELECT $1::uuid, n.slug, n.name, coalesce(n.scaikey_partner_id, $1::uuid::text),
                   coalesce(n.status, 'active'), n.contact_email, parent.id, n.max_tenants,
                   parent.lineage || $1::uuid,
                   partner_held(NULL, n, CASE WHEN $3::boolean THEN 0 ELSE array_position(parent.lineage, $4::uuid) END)
            FROM parent, jsonb_populate_record(NULL::partners, $5::jsonb) n
            RETURNING 'partner.create' AS action, %s)
        """.formatted(RETURNED));

    /** @param parentId null for a partner at the top */
    static Future<Reply<PartnerDetail>> create(
            AuditTrail trail, Caller caller, @Nullable UUID parentId, NewPartner fields) {
        Reach reach = caller.reach();
        return trail.changeOnce(
                caller,
                PartnerDetail.class,
                Chain.ofPartner(parentId),
                new Change<>(
                        CREATE,
                        Tuple.of(UuidV7.next(), parentId, reach.all(), reach.partnerId(), Json.object(fields)),
                        RULES,
                        row -> Reply.created(PartnerDetail.of(row), version(row)),
                        notFound("/parent_partner_id")));
    }

    // How high the caller stands in the partner's lineage: what they set can be taken away from there or from above.
    private static final String STANDING = "CASE WHEN $2::boolean THEN 0 ELSE array_position(p.lineage, $3::uuid) END";

    // What a partner's own admins may not give themselves, and nobody may lift for those below; sending what is stored
    // is no change.
    private static final String PERMITTED = """
        (SELECT partner_permits(p, n, %s)
                AND ($5::boolean OR n.scaikey_partner_id = p.scaikey_partner_id)
                AND ($3::uuid IS DISTINCT FROM p.id OR (n.status, n.max_tenants, n.scaikey_partner_id)
                     IS NOT DISTINCT FROM (p.status, p.max_tenants, p.scaikey_partner_id))
         FROM jsonb_populate_record(p, $4::jsonb) n)\
        """.formatted(STANDING);

    private static final ChangeSql UPDATE = ChangeSql.of("""
        WITH change AS (
            UPDATE partners p
            SET (slug, name, scaikey_partner_id, status, contact_email, max_tenants, disabled_plugins, held) = (
                SELECT n.slug, n.name, n.scaikey_partner_id, n.status, n.contact_email, n.max_tenants,
                       n.disabled_plugins, partner_held(p, n, %s)
                FROM jsonb_populate_record(p, $4::jsonb) n)
            WHERE id = $1 AND ($2::boolean OR lineage @> ARRAY[$3]::uuid[])
              AND %s
              AND ($6::bigint[] IS NULL OR version = ANY ($6::bigint[]))
            RETURNING 'partner.update' AS action, %s)
        """.formatted(STANDING, PERMITTED, RETURNED));

    /**
     * What a caller asks of a partner.
     *
     * @param mayLink whether they may change what it is linked to
     */
    record Asked(Put put, boolean mayLink) {
        private Tuple parameters(Reach reach) {
            return Tuple.of(
                    put.partnerId(), reach.all(), reach.partnerId(), put.body().fields(), mayLink);
        }
    }

    static Future<Reply<PartnerDetail>> update(Database database, AuditTrail trail, Caller caller, Asked asked) {
        UUID id = asked.put.partnerId();
        return trail.change(
                caller,
                Chain.ofPartner(id),
                new Change<>(
                        UPDATE,
                        asked.parameters(caller.reach())
                                .addValue(caller.request().terms().versions(resource(id))),
                        RULES,
                        PartnerStore::detail,
                        () -> refusal(database, caller.reach(), asked).compose(Future::failedFuture)));
    }

    private static final String REFUSAL = """
        SELECT %s AS permitted FROM partners p WHERE id = $1 AND ($2::boolean OR lineage @> ARRAY[$3]::uuid[])
        """.formatted(PERMITTED);

    /** Why no row matched: not there, not permitted, or another version. */
    private static Future<Failure> refusal(Database database, Reach reach, Asked asked) {
        return database.read(Scope.of(reach), REFUSAL, asked.parameters(reach)).map(rows -> {
            if (rows.size() == 0) {
                return missing();
            }
            if (rows.iterator().next().getBoolean("permitted")) {
                return Failure.stale();
            }
            return Failure.forbidden(
                    "status, max_tenants and scaikey_partner_id of your own partner are not yours to change, and what one above you has "
                            + "set as a limit is not yours to lift");
        });
    }

    private static Failure missing() {
        return Failure.notFound(NOT_FOUND, "there is no such partner");
    }

    private static Reply<PartnerDetail> detail(Row row) {
        return Reply.of(PartnerDetail.of(row), version(row));
    }

    private static String version(Row row) {
        return resource(row.getUUID("id")).version(row.getLong("version"));
    }

    private static Resource resource(UUID id) {
        return new Resource("partner", id);
    }
}
