package io.scaiwave.admin.tenants;

import io.scaiwave.admin.bus.Patch;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An organisation that runs a fleet of tenants, and may have partners below it.
 *
 * @param scaikeyPartnerId what the claim {@code partner_id} of its admins' tokens says
 * @param parentPartnerId null at the top
 * @param maxTenants how many tenants it and the partners below it may have together; null is unlimited
 */
record Partner(
        UUID id,
        String slug,
        String name,
        String scaikeyPartnerId,
        String status,
        @Nullable String contactEmail,
        @Nullable UUID parentPartnerId,
        @Nullable Long maxTenants,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt) {

    record Query(int limit, int offset) {}

    /** @param parentPartnerId null: the caller's own partner, or the top for a super admin */
    record NewPartner(
            String slug,
            String name,
            @Nullable String scaikeyPartnerId,
            @Nullable String contactEmail,
            @Nullable UUID parentPartnerId,
            @Nullable Long maxTenants,
            @Nullable String status) {}

    record Put(UUID partnerId, Patch body) {}

    static Partner of(Row row) {
        return new Partner(
                row.getUUID("id"),
                row.getString("slug"),
                row.getString("name"),
                row.getString("scaikey_partner_id"),
                row.getString("status"),
                row.getString("contact_email"),
                row.getUUID("parent_partner_id"),
                row.getLong("max_tenants"),
                row.getOffsetDateTime("created_at"),
                row.getOffsetDateTime("updated_at"));
    }
}
