package io.scaiwave.admin.auth;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a verified ScaiKey token says. Roles and permissions come in two forms, {@code role} and {@code roles}, and both count.
 *
 * @param tenantId the tenant's id at ScaiKey
 * @param partnerId the partner's id at ScaiKey
 */
record Claims(
        Caller.Actor actor,
        @Nullable String tenantId,
        @Nullable String partnerId,
        Set<String> roles,
        Set<String> permissions) {

    static Claims of(User user) {
        JsonObject claims = user.attributes().getJsonObject("accessToken");
        Set<String> roles = texts(claims, "roles");
        if (text(claims, "role") != null) {
            roles.add(text(claims, "role"));
        }
        return new Claims(
                actor(claims, user.principal().getString("access_token")),
                text(claims, "tenant_id"),
                text(claims, "partner_id"),
                roles,
                texts(claims, "permissions"));
    }

    private static Caller.Actor actor(JsonObject claims, String token) {
        String name = text(claims, "name") != null ? text(claims, "name") : text(claims, "email");
        String subject = Objects.requireNonNull(text(claims, "sub"), "ScaiKeyAuth refuses a token without sub");
        // RFC 9068: a token that a client got for itself, not for a user, has the client as its subject.
        String type = subject.equals(text(claims, "client_id")) ? "service" : "user";
        return new Caller.Actor(subject, type, name, new Secret(token), expires(claims));
    }

    private static long expires(JsonObject claims) {
        if (claims.getValue("exp") instanceof Number seconds) {
            return TimeUnit.SECONDS.toMillis(seconds.longValue());
        }
        return Long.MAX_VALUE;
    }

    boolean superAdmin() {
        return roles.contains("super_admin");
    }

    boolean partnerAdmin() {
        return roles.contains("partner_admin");
    }

    /** Whether they administer the token's own tenant, whatever partner it belongs to. */
    boolean tenantAdmin() {
        return roles.contains("tenant_admin") || permissions.contains("admin:access");
    }

    boolean partnerAdminOnly() {
        return partnerAdmin() && !superAdmin() && !tenantAdmin();
    }

    boolean admin() {
        return superAdmin() || partnerAdmin() || tenantAdmin();
    }

    /** A claim of another type than text counts as absent, and so does a text that PostgreSQL cannot hold. */
    static @Nullable String text(JsonObject claims, String name) {
        if (claims.getValue(name) instanceof String text && !text.isEmpty() && text.indexOf('\0') < 0) {
            return text;
        }
        return null;
    }

    private static Set<String> texts(JsonObject claims, String name) {
        Set<String> found = new HashSet<>();
        if (claims.getValue(name) instanceof JsonArray list) {
            list.forEach(item -> {
                if (item instanceof String text) {
                    found.add(text);
                }
            });
        }
        return found;
    }
}
