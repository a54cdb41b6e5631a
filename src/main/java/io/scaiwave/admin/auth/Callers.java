package io.scaiwave.admin.auth;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Caller.Reach;
import io.scaiwave.admin.bus.Caller.TenantRef;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import io.vertx.ext.auth.User;
import java.util.UUID;

/**
 * From a verified token to a {@link Caller}: what he may do here, and on which tenant. Refuses in the order of the contract:
 * an unknown tenant, then a missing permission, then a faulty request.
 */
public final class Callers {
    /** What an operation acts on; {@code x-scope} in openapi.yaml. */
    public enum Scope {
        TENANT,
        FLEET,
        TENANT_OR_FLEET
    }

    private final Directory directory;

    public Callers(Database database) {
        this.directory = new Directory(database);
    }

    /** @param tenantHeader X-Tenant-Id as sent, or null */
    public Future<Caller> resolve(User user, Scope scope, String tenantHeader) {
        Claims claims = Claims.of(user);
        if (scope == Scope.FLEET) {
            return reach(claims)
                    .compose(reach -> reach.none()
                            ? Future.failedFuture(Failure.forbidden("this needs the role partner_admin or super_admin"))
                            : Future.succeededFuture(new Caller(claims.actor(), reach, null, null)));
        }
        return own(claims)
                .compose(own -> claims.admin()
                        ? reach(claims).compose(reach -> target(claims, reach, own, scope, tenantHeader)
                                .map(tenant -> new Caller(claims.actor(), reach, tenant, null)))
                        : Future.failedFuture(Failure.forbidden("this needs an administrator")));
    }

    /**
     * Where a user belongs by his token, whatever he may do.
     *
     * @param tenant null when his token names none that is known here
     * @param partnerId null when his token names none that is known here
     */
    public record Home(Caller.Actor actor, TenantRef tenant, UUID partnerId) {}

    /** Where what is refused to a user is on record. */
    public Future<Home> home(User user) {
        Claims claims = Claims.of(user);
        Future<TenantRef> tenant =
                claims.tenantId() == null ? Future.succeededFuture() : directory.tenantByScaiKeyId(claims.tenantId());
        return tenant.compose(own -> own != null || claims.partnerId() == null
                ? Future.succeededFuture(new Home(claims.actor(), own, null))
                : directory
                        .partnerByScaiKeyId(claims.partnerId())
                        .map(partner -> new Home(claims.actor(), null, partner == null ? null : partner.id())));
    }

    /** The tenant that the token names; null when it names none. */
    private Future<TenantRef> own(Claims claims) {
        if (claims.tenantId() == null) {
            return Future.succeededFuture();
        }
        return directory
                .tenantByScaiKeyId(claims.tenantId())
                .compose(tenant -> tenant == null
                        ? Future.failedFuture(tenantNotFound("the token's tenant is not known here"))
                        : Future.succeededFuture(tenant));
    }

    private Future<Reach> reach(Claims claims) {
        if (claims.superAdmin()) {
            return Future.succeededFuture(Reach.ALL);
        }
        if (!claims.partnerAdmin()) {
            return Future.succeededFuture(Reach.NONE);
        }
        return directory.partnerByScaiKeyId(claims.partnerId()).map(partner -> {
            if (partner == null) {
                throw Failure.forbidden("the token's partner is not known here");
            }
            if (!partner.active()) {
                throw Failure.forbidden("the token's partner is suspended");
            }
            return Reach.below(partner.id());
        });
    }

    private Future<TenantRef> target(Claims claims, Reach reach, TenantRef own, Scope scope, String tenantHeader) {
        if (tenantHeader == null) {
            return own != null || !reach.none() && scope == Scope.TENANT_OR_FLEET
                    ? Future.succeededFuture(own)
                    : Future.failedFuture(noTenant(reach));
        }
        UUID id = uuid(tenantHeader);
        if (own != null && own.id().equals(id)) {
            return Future.succeededFuture(own);
        }
        if (reach.none()) {
            return Future.failedFuture(mismatch());
        }
        return directory
                .tenantInReach(id, reach)
                .compose(tenant -> tenant != null
                        ? Future.succeededFuture(tenant)
                        : Future.failedFuture(
                                claims.superAdmin() ? tenantNotFound("there is no such tenant") : mismatch()));
    }

    private static Failure noTenant(Reach reach) {
        return reach.none()
                ? tenantNotFound("the token names no tenant")
                : new Failure(
                        Failure.Kind.MALFORMED,
                        "SW_TENANT_REQUIRED",
                        "say which tenant with the header X-Tenant-Id; the token names none");
    }

    private static Failure tenantNotFound(String message) {
        return Failure.notFound("SW_TENANT_NOT_FOUND", message);
    }

    private static Failure mismatch() {
        return new Failure(
                Failure.Kind.FORBIDDEN, "SW_AUTH_TENANT_MISMATCH", "the tenant of X-Tenant-Id is not in your reach");
    }

    private static UUID uuid(String text) {
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equalsIgnoreCase(text)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // falls through
        }
        throw Failure.invalid("X-Tenant-Id", "must be the UUID of a tenant");
    }
}
