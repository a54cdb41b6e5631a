package io.scaiwave.admin.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.NoSuchKeyIdException;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.Credentials;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifies ScaiKey's tokens with keys that rotate: fetched from the JWKS URL at the start, now and then, and when a token names
 * a key that is not known. There is never an empty key set in use, because JWTAuth without keys accepts unsigned tokens.
 * One for each event loop: a key verifies one token at a time.
 */
public final class ScaiKeyAuth implements JWTAuth {
    private static final int VERIFIED_MAX = 10_000;

    private final Config.ScaiKey config;
    private final Jwks jwks;
    private final Vertx vertx;
    /** Verified tokens by their whole text, so that a forged one can never meet a verified one's entry. */
    private final Cache<String, User> verified;

    private @Nullable JWTAuth current;
    private @Nullable Future<Void> fetching;
    private long notBefore;

    public ScaiKeyAuth(Vertx vertx, Config.ScaiKey config) {
        this.vertx = vertx;
        this.config = config;
        this.jwks = new Jwks(vertx, config);
        this.verified = Caffeine.newBuilder()
                .maximumSize(VERIFIED_MAX)
                .expireAfterWrite(Duration.ofMillis(config.verifiedMs()))
                .build();
    }

    /** Fetches the keys, and keeps fetching them. A ScaiKey that is away does not stop the start. */
    public Future<Void> start() {
        vertx.setPeriodic(config.refreshMs(), timer -> refresh());
        return refresh().otherwiseEmpty();
    }

    public boolean hasKeys() {
        return current != null;
    }

    @Override
    public Future<User> authenticate(Credentials credentials) {
        String token = ((TokenCredentials) credentials).getToken();
        User known = verified.getIfPresent(token);
        if (known != null) {
            return inTime(known);
        }
        return verifyWithFreshKeys(token)
                .recover(e -> Future.failedFuture(refused(e)))
                .onSuccess(user -> verified.put(token, user));
    }

    private Future<User> verifyWithFreshKeys(String token) {
        if (current == null) {
            return refreshIfCool().compose(v -> verify(token));
        }
        return verify(token).recover(e -> {
            if (e instanceof NoSuchKeyIdException) {
                return refreshIfCool().compose(v -> verify(token));
            }
            return Future.failedFuture(e);
        });
    }

    private Future<User> verify(String token) {
        if (current == null) {
            return Future.failedFuture(Failure.unavailable("ScaiKey's signing keys are not available at the moment"));
        }
        try {
            return current.authenticate(new TokenCredentials(token)).compose(this::inTime);
        } catch (RuntimeException e) {
            return Future.failedFuture(e); // a claim of a type that the library does not expect
        }
    }

    /** The library lets a token without {@code exp} pass and does not tell an expired one from a wrong one. */
    private Future<User> inTime(User user) {
        JsonObject claims = user.attributes().getJsonObject("accessToken");
        long now = System.currentTimeMillis() / 1000;
        if (!(claims.getValue("exp") instanceof Number expires)) {
            return Future.failedFuture(InvalidToken.that("has no exp claim"));
        }
        if (now >= expires.longValue() + config.leewaySeconds()) {
            return Future.failedFuture(
                    new Failure(Failure.Kind.UNAUTHENTICATED, "SW_AUTH_EXPIRED_TOKEN", "the token has expired"));
        }
        for (String claim : List.of("nbf", "iat")) {
            if (claims.getValue(claim) instanceof Number from && from.longValue() > now + config.leewaySeconds()) {
                return Future.failedFuture(InvalidToken.that("is not valid yet: " + claim + " lies in the future"));
            }
        }
        Claims.of(user);
        return Future.succeededFuture(user);
    }

    private static Failure refused(Throwable e) {
        return e instanceof Failure failure
                ? failure
                : InvalidToken.that("is not one that ScaiKey signed for this API");
    }

    /** Never fails: without the new keys, the old ones decide. */
    private Future<Void> refreshIfCool() {
        if (fetching != null) {
            return fetching.otherwiseEmpty();
        }
        if (System.currentTimeMillis() < notBefore) {
            return Future.succeededFuture();
        }
        notBefore = System.currentTimeMillis() + config.cooldownMs();
        return refresh().otherwiseEmpty();
    }

    private Future<Void> refresh() {
        if (fetching != null) {
            return fetching;
        }
        Future<Void> begun = jwks.fetch().map(keys -> {
            use(keys);
            return null;
        });
        fetching = begun;
        begun.onComplete(done -> fetching = null);
        return begun;
    }

    private void use(List<JsonObject> keys) {
        JWTAuthOptions options = new JWTAuthOptions()
                .setJWTOptions(new JWTOptions()
                        .setIssuer(config.issuer())
                        .setAudience(List.of(config.audience()))
                        .setIgnoreExpiration(true));
        keys.forEach(options::addJwk);
        current = JWTAuth.create(vertx, options);
        verified.invalidateAll();
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
