package io.scaiwave.admin.tenants;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.tenants.Tenant.NewTenant;
import io.vertx.core.Future;
import java.util.UUID;

/** Makes tenants: of a partner in the caller's reach or, for a super admin, directly under the platform. */
public final class TenantsVerticle extends Feature {
    record Create(NewTenant body) {}

    static final Operation<Create, Tenant> CREATE = new Operation<>("createTenant", Create.class);

    private final AuditTrail trail;
    private final Links links;

    /** @param linkBySuperAdminOnly whether partner admins may link no id of ScaiKey's */
    public TenantsVerticle(AuditTrail trail, boolean linkBySuperAdminOnly) {
        this.trail = trail;
        this.links = new Links(linkBySuperAdminOnly);
    }

    @Override
    protected void listen() {
        serve(CREATE, this::create);
    }

    private Future<Reply<Tenant>> create(Caller caller, Create in) {
        links.check(caller, in.body.scaikeyTenantId());
        UUID named = in.body.partnerId();
        return TenantStore.create(
                trail, caller, named != null ? named : caller.reach().partnerId(), in.body);
    }
}
