package io.scaiwave.admin.auth;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Caller.Reach;
import io.scaiwave.admin.bus.Caller.TenantRef;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import io.vertx.ext.auth.User;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * From a verified token to a {@link Principal}: what its bearer may do here, and on which tenant. Refuses in the order of the
 * contract: an unknown tenant, then a missing permission, then a faulty request.
 */
public final class Callers {
    /** What an operation acts on; {@code x-scope} in openapi.yaml. */
    public enum ActsOn {
        TENANT,
        FLEET,
        TENANT_OR_FLEET
    }

    private final Directory directory;

    public Callers(Database database) {
        this.directory = new Directory(database);
    }

    /** Who a user is, whatever they may do. */
    public static Caller.Actor actor(User user) {
        return Claims.of(user).actor();
    }

    /** @param tenantHeader X-Tenant-Id as sent */
    public Future<Principal> resolve(User user, ActsOn actsOn, @Nullable String tenantHeader) {
        Claims claims = Claims.of(user);
        return actsOn == ActsOn.FLEET ? onFleet(claims) : onTenant(claims, actsOn, tenantHeader);
    }

    private Future<Principal> onFleet(Claims claims) {
        return reach(claims).map(reach -> {
            if (reach.none()) {
                throw Failure.forbidden("this needs the role partner_admin or super_admin");
            }
            return new Principal(claims.actor(), reach, null);
        });
    }

    private Future<Principal> onTenant(Claims claims, ActsOn actsOn, @Nullable String tenantHeader) {
        return own(claims).compose(own -> {
            if (!claims.admin()) {
                throw Failure.forbidden("this needs an administrator");
            }
            return reach(claims).compose(reach -> target(reach, own, actsOn, tenantHeader)
                    .compose(tenant ->
                            Objects.equals(tenant, own) ? ofRight(claims, reach, own) : Future.succeededFuture(tenant))
                    .map(tenant -> new Principal(claims.actor(), reach, tenant)));
        });
    }

    /** The token's own tenant, if its bearer administers it; who is a partner admin only has no rights out of their reach. */
    private Future<@Nullable TenantRef> ofRight(Claims claims, Reach reach, @Nullable TenantRef own) {
        if (own == null || !claims.partnerAdminOnly()) {
            return Future.succeededFuture(own);
        }
        return directory.tenantInReach(own.id(), reach).map(tenant -> {
            if (tenant == null) {
                throw mismatch();
            }
            return tenant;
        });
    }

    /**
     * Where a user belongs by their token, whatever they may do.
     *
     * @param tenant the token's, if it is known here
     * @param partnerId the token's, if it is known here
     */
    public record Home(
            Caller.Actor actor,
            @Nullable TenantRef tenant,
            @Nullable UUID partnerId) {}

    /** Where what is refused to a user is on record. */
    public Future<Home> home(User user) {
        Claims claims = Claims.of(user);
        if (claims.tenantId() == null || claims.partnerAdminOnly()) {
            return partnerHome(claims);
        }
        return directory.tenantByScaiKeyId(claims.tenantId()).compose(own -> {
            if (own == null) {
                return partnerHome(claims);
            }
            return Future.succeededFuture(new Home(claims.actor(), own, null));
        });
    }

    private Future<Home> partnerHome(Claims claims) {
        return directory
                .partnerByScaiKeyId(claims.partnerId())
                .map(partner -> new Home(claims.actor(), null, partner == null ? null : partner.id()));
    }

    /** The tenant that the token names. */
    private Future<@Nullable TenantRef> own(Claims claims) {
        if (claims.tenantId() == null) {
            return Future.succeededFuture();
        }
        return directory.tenantByScaiKeyId(claims.tenantId()).map(tenant -> {
            if (tenant == null) {
                throw tenantNotFound("the token's tenant is not known here");
            }
            return tenant;
        });
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
            return Reach.below(partner.id(), partner.familyId());
        });
    }

    private Future<@Nullable TenantRef> target(
            Reach reach, @Nullable TenantRef own, ActsOn actsOn, @Nullable String tenantHeader) {
        if (tenantHeader != null) {
            return named(uuid(tenantHeader), reach, own);
        }
        boolean wholeFleet = actsOn == ActsOn.TENANT_OR_FLEET && !reach.none();
        if (own == null && !wholeFleet) {
            throw noTenant(reach);
        }
        return Future.succeededFuture(own);
    }

    private Future<TenantRef> named(UUID id, Reach reach, @Nullable TenantRef own) {
        if (own != null && own.id().equals(id)) {
            return Future.succeededFuture(own);
        }
        if (reach.none()) {
            throw mismatch();
        }
        return directory.tenantInReach(id, reach).map(tenant -> {
            if (tenant == null) {
                throw reach.all() ? tenantNotFound("there is no such tenant") : mismatch();
            }
            return tenant;
        });
    }

    private static Failure noTenant(Reach reach) {
        if (reach.none()) {
            return tenantNotFound("the token names no tenant");
        }
        return new Failure(
                Failure.Kind.MALFORMED, "SW_TENANT_REQUIRED", "the token names no tenant: name one in X-Tenant-Id");
    }

    private static Failure tenantNotFound(String message) {
        return Failure.notFound("SW_TENANT_NOT_FOUND", message);
    }

    private static Failure mismatch() {
        return new Failure(Failure.Kind.FORBIDDEN, "SW_AUTH_TENANT_MISMATCH", "the tenant is not in your reach");
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
