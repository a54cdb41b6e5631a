package io.scaiwave.admin.tenants;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One organisation's own, separate part of ScaiWave.
 *
 * @param scaikeyTenantId what the claim {@code tenant_id} of its tokens says
 * @param partnerId null directly under the platform
 * @param features which optional features are on; what is not named is off
 */
record Tenant(
        UUID id,
        String slug,
        String name,
        String scaikeyTenantId,
        @Nullable UUID partnerId,
        Limits limits,
        Map<String, Boolean> features,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt) {

    /** What it may use at most; null is unlimited. */
    record Limits(
            @Nullable Long maxParticipants,
            @Nullable Long maxRooms,
            @Nullable Long maxStorageBytes,
            @Nullable Long aiTokensMonthly) {
        static final Limits NONE = new Limits(null, null, null, null);
    }

    /** @param partnerId null: the caller's own partner, or none for a super admin */
    record NewTenant(
            String slug,
            String name,
            String scaikeyTenantId,
            @Nullable UUID partnerId,
            Limits limits,
            Map<String, Boolean> features) {
        NewTenant {
            limits = limits == null ? Limits.NONE : limits;
            features = features == null ? Map.of() : features;
        }
    }

    static Tenant of(Row row) {
        return new Tenant(
                row.getUUID("id"),
                row.getString("slug"),
                row.getString("name"),
                row.getString("scaikey_tenant_id"),
                row.getUUID("partner_id"),
                new Limits(
                        row.getLong("max_participants"),
                        row.getLong("max_rooms"),
                        row.getLong("max_storage_bytes"),
                        row.getLong("ai_tokens_monthly")),
                features(row.getJsonObject("features")),
                row.getOffsetDateTime("created_at"),
                row.getOffsetDateTime("updated_at"));
    }

    private static Map<String, Boolean> features(JsonObject stored) {
        Map<String, Boolean> features = new LinkedHashMap<>();
        stored.fieldNames().forEach(name -> features.put(name, stored.getBoolean(name)));
        return features;
    }
}
