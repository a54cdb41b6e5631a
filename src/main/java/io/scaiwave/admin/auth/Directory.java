package io.scaiwave.admin.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.scaiwave.admin.bus.Caller.Reach;
import io.scaiwave.admin.bus.Caller.TenantRef;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which tenants and partners a token's claims mean. A tenant never changes its ids or its partner, so it may be remembered. */
final class Directory {
    private static final int TENANTS_MAX = 100_000;

    /** @param active whether it and all above it are */
    record Partner(UUID id, UUID familyId, boolean active) {}

    private final Database database;
    private final Cache<String, TenantRef> tenants = Caffeine.newBuilder()
            .maximumSize(TENANTS_MAX)
            .expireAfterWrite(Duration.ofMinutes(10))
            .build();

    Directory(Database database) {
        this.database = database;
    }

    private static final String TENANT_BY_SCAIKEY_ID = """
            SELECT t.id, t.partner_id, p.lineage[1] AS family_id FROM tenants t LEFT JOIN partners p ON p.id = t.partner_id
            WHERE t.scaikey_tenant_id = $1
            """;

    Future<@Nullable TenantRef> tenantByScaiKeyId(String scaiKeyId) {
        TenantRef known = tenants.getIfPresent(scaiKeyId);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        return database.read(Scope.ALL, TENANT_BY_SCAIKEY_ID, Tuple.of(scaiKeyId))
                .map(Directory::tenant)
                .onSuccess(tenant -> {
                    if (tenant != null) {
                        tenants.put(scaiKeyId, tenant);
                    }
                });
    }

    private static final String TENANT_IN_REACH = """
            SELECT t.id, t.partner_id, p.lineage[1] AS family_id FROM tenants t LEFT JOIN partners p ON p.id = t.partner_id
            WHERE t.id = $1 AND ($2::boolean OR p.lineage @> ARRAY[$3]::uuid[])
            """;

    Future<@Nullable TenantRef> tenantInReach(UUID id, Reach reach) {
        return database.read(Scope.of(reach), TENANT_IN_REACH, Tuple.of(id, reach.all(), reach.partnerId()))
                .map(Directory::tenant);
    }

    private static final String PARTNER_BY_SCAIKEY_ID = """
            SELECT id, lineage[1] AS family_id, NOT EXISTS (SELECT FROM partners above WHERE above.id = ANY (own.lineage) AND above.status <> 'active')
                       AS active
            FROM partners own WHERE scaikey_partner_id = $1
            """;

    /** Not remembered: a suspension counts at once. */
    Future<@Nullable Partner> partnerByScaiKeyId(@Nullable String scaiKeyId) {
        return database.read(Scope.ALL, PARTNER_BY_SCAIKEY_ID, Tuple.of(scaiKeyId))
                .map(rows -> Rows.first(
                        rows,
                        row -> new Partner(row.getUUID("id"), row.getUUID("family_id"), row.getBoolean("active"))));
    }

    private static @Nullable TenantRef tenant(RowSet<Row> rows) {
        return Rows.first(
                rows, row -> new TenantRef(row.getUUID("id"), row.getUUID("partner_id"), row.getUUID("family_id")));
    }
}
