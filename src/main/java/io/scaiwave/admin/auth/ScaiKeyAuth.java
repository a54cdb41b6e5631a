package io.scaiwave.admin.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.outbound.Outbound;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.Credentials;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.time.Duration;
import java.util.List;

/**
 * Verifies ScaiKey's tokens with keys that rotate. A token that none of the keys has signed is looked at again once they were
 * fetched anew, which happens no more often than the cool-down lets it; those that one has signed never wait for that. One for
 * the process.
 */
public final class ScaiKeyAuth implements JWTAuth {
    private static final long VERIFIED_CHARS_MAX = 32L << 20;

    /** @param by the keys that were published then */
    private record Verified(User user, List<VerifyingKey> by) {}

    private final Config.ScaiKey config;
    private final PublishedKeys keys;
    private final Vertx vertx;
    /** Verified tokens by their whole text, so that a forged one can never meet a verified one's entry. */
    private final Cache<String, Verified> verified;

    public ScaiKeyAuth(Outbound outbound, Config.ScaiKey config, MeterRegistry meters) {
        this.vertx = outbound.vertx();
        this.config = config;
        this.keys = new PublishedKeys(outbound, config, meters);
        this.verified = Caffeine.newBuilder()
                .maximumWeight(VERIFIED_CHARS_MAX)
                .weigher((String token, Verified taken) -> token.length())
                .expireAfterWrite(Duration.ofMillis(config.verifiedMs()))
                .build();
    }

    /** Fetches the keys, and keeps fetching them. A ScaiKey that is away does not stop the start. */
    public Future<Void> start() {
        return keys.keepFetching();
    }

    public boolean hasKeys() {
        return !keys.current().isEmpty();
    }

    @Override
    public Future<User> authenticate(Credentials credentials) {
        String token = ((TokenCredentials) credentials).getToken();
        List<VerifyingKey> before = keys.current();
        try {
            Verified known = verified.getIfPresent(token);
            if (known != null && known.by == before) {
                return Future.succeededFuture(inTime(known.user));
            }
            if (before.isEmpty()) {
                return refreshed().map(v -> withNewKeys(token, before));
            }
            SignedToken signed = parsed(token);
            if (isSigned(signed, before)) {
                return Future.succeededFuture(taken(token, signed, before));
            }
            return refreshed().map(v -> withNewKeys(token, before));
        } catch (Failure e) {
            return Future.failedFuture(e);
        }
    }

    private User withNewKeys(String token, List<VerifyingKey> before) {
        List<VerifyingKey> now = keys.current();
        if (now.isEmpty()) {
            throw Failure.unavailable("ScaiKey's signing keys are not available at the moment");
        }
        SignedToken signed = parsed(token);
        if (now == before || !isSigned(signed, now)) {
            throw notOurs();
        }
        return taken(token, signed, now);
    }

    /** Completes where the caller is: the keys may come on another event loop. */
    private Future<Void> refreshed() {
        Context context = vertx.getOrCreateContext();
        Promise<Void> here = Promise.promise();
        keys.refresh().onComplete(done -> context.runOnContext(v -> here.complete()));
        return here.future();
    }

    private SignedToken parsed(String token) {
        SignedToken signed = SignedToken.parse(token);
        if (!config.algorithms().contains(signed.algorithm())) {
            throw notOurs();
        }
        return signed;
    }

    private static boolean isSigned(SignedToken token, List<VerifyingKey> by) {
        return by.stream().anyMatch(key -> key.verifies(token));
    }

    private User taken(String token, SignedToken signed, List<VerifyingKey> by) {
        JsonObject claims = signed.claims();
        if (!config.issuer().equals(claims.getValue("iss")) || !isForUs(claims.getValue("aud"))) {
            throw notOurs();
        }
        Claims.of(claims, token);
        User user = inTime(
                User.create(new JsonObject().put("access_token", token), new JsonObject().put("accessToken", claims)));
        verified.put(token, new Verified(user, by));
        return user;
    }

    private boolean isForUs(Object audience) {
        return config.audience().equals(audience)
                || (audience instanceof JsonArray several && several.contains(config.audience()));
    }

    private User inTime(User user) {
        JsonObject claims = user.attributes().getJsonObject("accessToken");
        long now = System.currentTimeMillis() / 1000;
        if (!(claims.getValue("exp") instanceof Number expires)) {
            throw InvalidToken.that("has no exp claim");
        }
        if (now - config.leewaySeconds() >= expires.longValue()) {
            throw new Failure(Failure.Kind.UNAUTHENTICATED, "SW_AUTH_EXPIRED_TOKEN", "the token has expired");
        }
        for (String claim : List.of("nbf", "iat")) {
            Object from = claims.getValue(claim);
            if (from != null && !(from instanceof Number)) {
                throw InvalidToken.that("has a claim " + claim + " that is no time");
            }
            if (from instanceof Number seconds && seconds.longValue() > now + config.leewaySeconds()) {
                throw InvalidToken.that("is not valid yet: " + claim + " lies in the future");
            }
        }
        return user;
    }

    private static Failure notOurs() {
        return InvalidToken.that("is not one that ScaiKey signed for this API");
    }

    @Override
    public String generateToken(JsonObject claims, JWTOptions options) {
        throw new UnsupportedOperationException("only ScaiKey signs");
    }

    @Override
    public String generateToken(JsonObject claims) {
        throw new UnsupportedOperationException("only ScaiKey signs");
    }
}
