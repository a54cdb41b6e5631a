package io.scaiwave.admin.audit;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.db.Scope;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sequence of entries that an event joins. What happens to a tenant is in the tenant's chain; what happens to the fleet is
 * in the chain of the partner it belongs under, or in {@code platform}.
 */
public record Chain(
        String name, @Nullable UUID tenantId, @Nullable UUID partnerId) {
    public static final Chain PLATFORM = new Chain("platform", null, null);

    public static Chain of(Caller.TenantRef tenant) {
        return new Chain(nameOfTenant(tenant.id()), tenant.id(), tenant.partnerId());
    }

    /** @param partnerId null: what belongs under no partner is in the platform's chain */
    public static Chain ofPartner(@Nullable UUID partnerId) {
        return partnerId == null ? PLATFORM : new Chain("partner:" + partnerId, null, partnerId);
    }

    /** What an event of this chain belongs to. */
    Scope scope() {
        if (tenantId != null) {
            return Scope.ofTenant(tenantId);
        }
        return partnerId == null ? Scope.PLATFORM : Scope.ofPartner(partnerId);
    }

    public static String nameOfTenant(UUID tenantId) {
        return "tenant:" + tenantId;
    }
}
