package io.scaiwave.admin.bus;

import io.scaiwave.admin.bus.Caller.Reach;
import io.scaiwave.admin.bus.Caller.TenantRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whom a request takes a place from.
 *
 * @param account as {@link Caller#account}
 * @param family the partner at the top, with all below it; null for what belongs to none
 * @param principal who reaches more than one tenant, and could else have the share of each; null for all others, because the same
 *     {@code sub} in two tenants may be two people, of whom one must not hold up the other
 */
public record Owners(
        String account, @Nullable String family, @Nullable String principal) {

    public static Owners of(Caller.Actor actor, Reach reach, @Nullable TenantRef target) {
        return new Owners(Caller.account(actor, target), family(reach, target), principal(actor, reach));
    }

    private static @Nullable String family(Reach reach, @Nullable TenantRef target) {
        UUID top = target == null ? reach.familyId() : target.familyId();
        return top == null ? null : "family:" + top;
    }

    private static @Nullable String principal(Caller.Actor actor, Reach reach) {
        if (reach.none()) {
            return null;
        }
        return "reach:" + (reach.all() ? "all" : reach.partnerId()) + " " + actor.id();
    }

    /** How many places each of them may have. */
    public Map<String, Integer> shares(int ofAccount, int ofFamily, int ofPrincipal) {
        Map<String, Integer> shares = new LinkedHashMap<>();
        shares.put(account, ofAccount);
        if (family != null) {
            shares.put(family, ofFamily);
        }
        if (principal != null) {
            shares.put(principal, ofPrincipal);
        }
        return shares;
    }
}
