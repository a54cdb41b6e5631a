package io.scaiwave.admin.auth;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Owners;
import org.jspecify.annotations.Nullable;

/**
 * What a verified token makes of its bearer for one operation: who they are, how far they reach, and on which tenant they act.
 *
 * @param target the tenant they act on; null on the fleet's operations and on the fleet-wide audit list
 */
public record Principal(Caller.Actor actor, Caller.Reach reach, Caller.@Nullable TenantRef target) {

    /** As {@link Caller#account}. */
    public String account() {
        return Caller.account(actor, target);
    }

    /** All whom the request takes a place from. */
    public Owners owners() {
        return Owners.of(actor, reach, target);
    }

    /** The caller that they are in this request. */
    public Caller calling(Caller.Request request) {
        return new Caller(actor, reach, target, request);
    }
}
