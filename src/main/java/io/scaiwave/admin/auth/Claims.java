package io.scaiwave.admin.auth;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.text.Texts;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a verified ScaiKey token says. Roles and permissions come in two forms, {@code role} and {@code roles}, and both count.
 * Who somebody is goes into the audit trail as it stands, so a token that says it in a way that does not fit there is refused; a
 * name that does not counts as absent, because it identifies nobody.
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
    private static final int TEXT_MAX = 255;

    static Claims of(User user) {
        return of(
                user.attributes().getJsonObject("accessToken"), user.principal().getString("access_token"));
    }

    /**
     * The same.
     *
     * @param token the token as it was sent
     * @throws io.scaiwave.admin.bus.Failure SW_AUTH_INVALID_TOKEN
     */
    static Claims of(JsonObject claims, String token) {
        Set<String> roles = texts(claims, "roles");
        if (claims.getValue("role") instanceof String role) {
            roles.add(role);
        }
        return new Claims(
                actor(claims, token),
                identifier(claims, "tenant_id"),
                identifier(claims, "partner_id"),
                roles,
                texts(claims, "permissions"));
    }

    private static Caller.Actor actor(JsonObject claims, String token) {
        String subject = identifier(claims, "sub");
        if (subject == null) {
            throw InvalidToken.that("has no sub claim");
        }
        // RFC 9068: a token that a client got for itself, not for a user, has the client as its subject.
        String type = subject.equals(claims.getValue("client_id")) ? "service" : "user";
        String name = name(claims, "name");
        String email = name(claims, "email");
        return new Caller.Actor(
                subject, type, name == null ? email : name, delegate(claims), new Secret(token), expires(claims));
    }

    /** RFC 8693: who acts for the subject now. Those inside of their own act claim did before, and count no more. */
    private static @Nullable String delegate(JsonObject claims) {
        Object act = claims.getValue("act");
        if (act == null) {
            return null;
        }
        String delegate = act instanceof JsonObject acting ? identifier(acting, "sub") : null;
        if (delegate == null) {
            throw InvalidToken.that("was delegated, and its act claim has no sub");
        }
        return delegate;
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

    boolean admin() {
        return superAdmin() || partnerAdmin() || roles.contains("tenant_admin") || permissions.contains("admin:access");
    }

    private static @Nullable String identifier(JsonObject claims, String claim) {
        Object value = claims.getValue(claim);
        if (value == null || value.equals("")) {
            return null;
        }
        if (value instanceof String text && Texts.isLine(text, TEXT_MAX)) {
            return text;
        }
        throw InvalidToken.that(
                "has a claim " + claim + " that is not one line of at most " + TEXT_MAX + " characters");
    }

    private static @Nullable String name(JsonObject claims, String claim) {
        if (!(claims.getValue(claim) instanceof String text)) {
            return null;
        }
        if (tooLong(text)) {
            throw InvalidToken.that("has a claim " + claim + " of more than " + TEXT_MAX + " characters");
        }
        return Texts.isLine(text, TEXT_MAX) ? text : null;
    }

    private static boolean tooLong(String text) {
        return text.codePointCount(0, text.length()) > TEXT_MAX;
    }

    private static Set<String> texts(JsonObject claims, String claim) {
        Set<String> found = new HashSet<>();
        if (claims.getValue(claim) instanceof JsonArray list) {
            list.forEach(item -> {
                if (item instanceof String text) {
                    found.add(text);
                }
            });
        }
        return found;
    }
}
