package io.scaiwave.admin.tenants;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import org.jspecify.annotations.Nullable;

/** Who may say which tenant or partner of ScaiKey one here is: whoever is linked to an id is who ScaiKey's tokens of that id act for. */
record Links(boolean bySuperAdminOnly) {

    boolean mayLink(Caller caller) {
        return !bySuperAdminOnly || caller.reach().all();
    }

    /** @throws Failure when an id is given and the caller may give none */
    void check(Caller caller, @Nullable String scaiKeyId) {
        if (scaiKeyId != null && !mayLink(caller)) {
            throw Failure.forbidden("only a super admin links to ids of ScaiKey on this server");
        }
    }
}
