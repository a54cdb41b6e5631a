package io.scaiwave.admin.bus;

import java.util.List;
import java.util.UUID;

/**
 * Who calls, how far he reaches, the tenant he acts on, and what his request says about itself.
 *
 * @param tenant the tenant acted on; null on the fleet's operations and on the fleet-wide audit list
 */
public record Caller(Actor actor, Reach reach, TenantRef tenant, Request request) {

    public Caller with(Request theRequest) {
        return new Caller(actor, reach, tenant, theRequest);
    }

    /**
     * Who calls, as the audit trail names him.
     *
     * @param type user, service or system
     * @param name the token's name, else its e-mail address, else null
     * @param token the bearer token itself, which ScaiGrid's token exchange needs
     * @param expires when the token does, in milliseconds since 1970: what goes on for long ends then
     */
    public record Actor(String id, String type, String name, Secret token, long expires) {}

    /** How far the caller reaches over partners: a super admin over all, a partner admin over his own and those below it. */
    public record Reach(boolean all, UUID partnerId) {
        public static final Reach ALL = new Reach(true, null);
        public static final Reach NONE = new Reach(false, null);

        public boolean none() {
            return !all && partnerId == null;
        }

        public static Reach below(UUID partnerId) {
            return new Reach(false, partnerId);
        }
    }

    /** A tenant and the partner it belongs to; partnerId is null for a tenant directly under the platform. */
    public record TenantRef(UUID id, UUID partnerId) {}

    /**
     * The conventions of a request that every operation shares.
     *
     * @param id the X-Request-Id
     * @param dryRun check everything, change nothing
     * @param ifMatch the versions of which the resource must have one; null when it need not
     * @param idempotencyKey null when none was sent
     * @param fingerprint what tells a repeat from another request under the same key
     * @param mediaType which of the operation's media types the client prefers; null where it has but one
     */
    public record Request(
            String id,
            String ipAddress,
            String userAgent,
            boolean dryRun,
            List<Long> ifMatch,
            String idempotencyKey,
            String fingerprint,
            String mediaType) {

        /** What a request says before anything of it but its head is read. */
        public static Request of(String id, String ipAddress, String userAgent) {
            return new Request(id, ipAddress, userAgent, false, null, null, null, null);
        }

        /** {@link #ifMatch} as a parameter of type bigint[]. */
        public Long[] versions() {
            return ifMatch == null ? null : ifMatch.toArray(Long[]::new);
        }
    }
}
