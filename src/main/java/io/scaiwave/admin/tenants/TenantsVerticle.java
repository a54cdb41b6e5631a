package io.scaiwave.admin.tenants;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Reply;
import io.vertx.core.Future;
import java.util.Map;
import java.util.UUID;

/** Makes tenants: of a partner in the caller's reach or, for a super admin, directly under the platform. */
public final class TenantsVerticle extends Feature {
    record Create(NewTenant body) {}

    /** @param partnerId null: the caller's own partner, or none for a super admin */
    record NewTenant(
            String slug,
            String name,
            String scaikeyTenantId,
            UUID partnerId,
            Tenant.Limits limits,
            Map<String, Boolean> features) {
        NewTenant {
            limits = limits == null ? Tenant.Limits.NONE : limits;
            features = features == null ? Map.of() : features;
        }
    }

    static final Operation<Create, Tenant> CREATE = new Operation<>("createTenant", Create.class);

    private final AuditTrail trail;

    public TenantsVerticle(AuditTrail trail) {
        this.trail = trail;
    }

    @Override
    protected void listen() {
        serve(CREATE, this::create);
    }

    private Future<Reply<Tenant>> create(Caller caller, Create in) {
        UUID named = in.body.partnerId;
        return TenantStore.create(
                trail, caller, named != null ? named : caller.reach().partnerId(), in.body);
    }
}
