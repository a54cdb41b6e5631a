package io.scaiwave.admin.local;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** ScaiKey's token endpoint: the caller's token for one that ScaiGrid takes (RFC 8693, with errors as RFC 6749). */
final class TokenExchange {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
    private static final String AUDIENCE = "scaigrid";

    private final LocalScaiKey scaiKey;
    private final AtomicInteger count = new AtomicInteger();
    private volatile long tokenSeconds = 300;

    TokenExchange(LocalScaiKey scaiKey) {
        this.scaiKey = scaiKey;
    }

    int count() {
        return count.get();
    }

    void setTokenSeconds(long seconds) {
        tokenSeconds = seconds;
    }

    /** The claims of a token that came from an exchange here and still lives; empty for all others. */
    Map<String, Object> minted(String token) {
        try {
            Map<String, Object> claims = alive(token);
            return AUDIENCE.equals(claims.get("aud")) ? claims : Map.of();
        } catch (IllegalArgumentException refused) {
            return Map.of();
        }
    }

    LocalHttp.Reply answer(LocalHttp.Request request) {
        if (!request.header("authorization").equals(basic())) {
            return error(401, "invalid_client", "client authentication failed")
                    .with("WWW-Authenticate", "Basic realm=\"scaikey\"");
        }
        if (!request.header("content-type").startsWith("application/x-www-form-urlencoded")) {
            return error(400, "invalid_request", "the body must be a form");
        }
        Map<String, String> form = request.form();
        if (!GRANT.equals(form.get("grant_type"))) {
            return error(400, "unsupported_grant_type", "grant_type must be " + GRANT);
        }
        String type = form.getOrDefault("subject_token_type", "");
        if (!type.equals(ACCESS_TOKEN) && !type.equals(JWT)) {
            return error(400, "invalid_request", "subject_token_type must be " + ACCESS_TOKEN + " or " + JWT);
        }
        if (!form.getOrDefault("requested_token_type", ACCESS_TOKEN).equals(ACCESS_TOKEN)) {
            return error(400, "invalid_request", "requested_token_type must be " + ACCESS_TOKEN);
        }
        if (!form.getOrDefault("audience", AUDIENCE).equals(AUDIENCE)) {
            return error(400, "invalid_target", "audience must be " + AUDIENCE);
        }
        try {
            return exchanged(alive(form.getOrDefault("subject_token", "")));
        } catch (IllegalArgumentException e) {
            return error(400, "invalid_request", "subject_token is refused: " + e.getMessage());
        }
    }

    private LocalHttp.Reply exchanged(Map<String, Object> subject) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>(subject);
        claims.put("aud", AUDIENCE);
        claims.put("iat", now);
        claims.put("exp", now + tokenSeconds);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("access_token", scaiKey.es256Token(claims));
        body.put("issued_token_type", ACCESS_TOKEN);
        body.put("token_type", "Bearer");
        body.put("expires_in", tokenSeconds);
        count.incrementAndGet();
        return LocalHttp.Reply.of(200, body).with("Cache-Control", "no-store");
    }

    private Map<String, Object> alive(String token) {
        Map<String, Object> claims = scaiKey.keys().verified(token);
        long expiry = claims.get("exp") instanceof Number number ? number.longValue() : 0;
        if (expiry <= Instant.now().getEpochSecond()) {
            throw new IllegalArgumentException("it has expired");
        }
        if (!scaiKey.issuer().equals(claims.get("iss"))) {
            throw new IllegalArgumentException("it is from another issuer");
        }
        return claims;
    }

    private String basic() {
        String pair = scaiKey.clientId() + ":" + scaiKey.clientSecret();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static LocalHttp.Reply error(int status, String code, String description) {
        return LocalHttp.Reply.of(status, Map.of("error", code, "error_description", description));
    }
}
