package io.scaiwave.admin.bus;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, how far they reach, the tenant they act on, and what their request says about itself.
 *
 * @param target the tenant acted on; null on the fleet's operations and on the fleet-wide audit list
 */
public record Caller(Actor actor, Reach reach, @Nullable TenantRef target, Request request) {

    /** The tenant acted on, of an operation that always acts on one. */
    public TenantRef tenant() {
        return Objects.requireNonNull(target, "this operation acts on no tenant");
    }

    /** Whom it counts against when much is asked for at a time: the tenant acted on, or whoever calls where there is none. */
    public String account() {
        return account(actor, target);
    }

    /** The same of who calls, before their request is whole. */
    public static String account(Actor actor, @Nullable TenantRef target) {
        return target == null ? "actor:" + actor.id() : "tenant:" + target.id();
    }

    /**
     * Who calls, as the audit trail names them.
     *
     * @param type user, service or system
     * @param name the token's name, else its e-mail address
     * @param delegateId who acts for them, by a delegated token; null: they themselves
     * @param token the bearer token itself, which ScaiGrid's token exchange needs
     * @param expires when the token does, in milliseconds since 1970: what goes on for long ends then
     */
    public record Actor(
            String id,
            String type,
            @Nullable String name,
            @Nullable String delegateId,
            Secret token,
            long expires) {}

    /**
     * How far the caller reaches over partners: a super admin over all, a partner admin over their own and those below it.
     *
     * @param familyId the partner at the top of theirs
     */
    public record Reach(
            boolean all, @Nullable UUID partnerId, @Nullable UUID familyId) {
        public static final Reach ALL = new Reach(true, null, null);
        public static final Reach NONE = new Reach(false, null, null);

        public boolean none() {
            return !all && partnerId == null;
        }

        public static Reach below(UUID partnerId, UUID familyId) {
            return new Reach(false, partnerId, familyId);
        }
    }

    /** A tenant, the partner it belongs to, and the one at the top of that; it has none directly under the platform. */
    public record TenantRef(
            UUID id, @Nullable UUID partnerId, @Nullable UUID familyId) {}

    /**
     * What every request says about itself, whatever its operation.
     *
     * @param operation the operationId
     * @param mediaType which of the operation's media types the client prefers
     */
    public record Request(String operation, Origin origin, Terms terms, String mediaType) {}

    /**
     * Where a request came from.
     *
     * @param requestId the X-Request-Id
     * @param traceparent its trace context, as W3C has it; null where there is none
     */
    public record Origin(
            String requestId,
            String ipAddress,
            @Nullable String userAgent,
            @Nullable String traceparent) {}

    /**
     * The terms on which a request may change something.
     *
     * @param dryRun check everything, change nothing
     * @param ifMatch the versions of which the resource must have one, as {@link Resource} names them; null when it need not
     */
    public record Terms(
            boolean dryRun,
            @Nullable List<String> ifMatch,
            @Nullable IdempotencyKey key) {
        public static final Terms NONE = new Terms(false, null, null);

        /** The numbers of the versions of which the resource must have one, as a parameter of type bigint[]; null when it need not. */
        public Long @Nullable [] versions(Resource resource) {
            return ifMatch == null ? null : resource.numbers(ifMatch);
        }
    }

    /**
     * The Idempotency-Key.
     *
     * @param fingerprint what tells a repeat from another request under the same key
     */
    public record IdempotencyKey(String value, String fingerprint) {}
}
