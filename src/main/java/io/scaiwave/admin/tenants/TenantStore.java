package io.scaiwave.admin.tenants;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.Change;
import io.scaiwave.admin.audit.ChangeSql;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Caller.Reach;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Constraints;
import io.scaiwave.admin.db.UuidV7;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.tenants.Tenant.NewTenant;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** tenants: each born together with its settings. */
final class TenantStore {
    private static final Constraints RULES = new Constraints(Map.of(
            "tenant_slug_unique",
            Failure.conflict("SW_TENANT_SLUG_TAKEN", "/slug", "is taken"),
            "tenant_scaikey_unique",
            Failure.conflict("SW_TENANT_ALREADY_LINKED", "/scaikey_tenant_id", "is linked to another tenant")));

    private TenantStore() {}

    // The database counts it where the partner is, and above; its settings are born with it there.
    // No row: there is no such partner in reach. A row without a tenant: a partner is full.
    // Only who reaches all can make a tenant of no partner.
    private static final ChangeSql CREATE = ChangeSql.of("""
        WITH parent AS (
            SELECT id FROM partners WHERE id = $2 AND ($3::boolean OR lineage @> ARRAY[$4]::uuid[])
            UNION ALL
            SELECT NULL WHERE $2::uuid IS NULL AND $3::boolean),
        tenant AS (
            INSERT INTO tenants (id, slug, name, scaikey_tenant_id, partner_id, max_participants, max_rooms,
                                 max_storage_bytes, ai_tokens_monthly, features)
            SELECT $1::uuid, n.slug, n.name, n.scaikey_tenant_id, parent.id, l.max_participants, l.max_rooms,
                   l.max_storage_bytes, l.ai_tokens_monthly, n.features
            FROM parent, jsonb_populate_record(NULL::tenants, $5::jsonb) n,
                 jsonb_populate_record(NULL::tenants, $5::jsonb -> 'limits') l
            WHERE parent.id IS NULL OR tenant_has_room(parent.id)
            RETURNING new.id::text AS resource_id, NULL::jsonb AS before, audited(new) AS after,
                      new.id, new.slug, new.name, new.scaikey_tenant_id, new.partner_id, new.max_participants,
                      new.max_rooms, new.max_storage_bytes, new.ai_tokens_monthly, new.features, new.created_at,
                      new.updated_at),
        change AS (
            SELECT 'tenant.create' AS action, tenant.* FROM parent LEFT JOIN tenant ON true)
        """);

    /** @param partnerId null for a tenant directly under the platform */
    static Future<Reply<Tenant>> create(AuditTrail trail, Caller caller, @Nullable UUID partnerId, NewTenant fields) {
        Reach reach = caller.reach();
        return trail.changeOnce(
                caller,
                Tenant.class,
                Chain.ofPartner(partnerId),
                new Change<>(
                        CREATE,
                        Tuple.of(UuidV7.next(), partnerId, reach.all(), reach.partnerId(), Json.object(fields)),
                        RULES,
                        TenantStore::created,
                        PartnerStore.notFound("/partner_id")));
    }

    private static Reply<Tenant> created(Row row) {
        if (row.getUUID("id") == null) {
            throw Failure.capacity("the partner, or one above it, has reached its max_tenants");
        }
        return Reply.created(Tenant.of(row), null);
    }
}
