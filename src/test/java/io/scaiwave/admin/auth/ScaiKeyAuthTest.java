package io.scaiwave.admin.auth;

import static io.scaiwave.admin.auth.KeyServer.ec;
import static io.scaiwave.admin.auth.KeyServer.published;
import static io.scaiwave.admin.auth.KeyServer.rsa;
import static io.scaiwave.admin.auth.KeyServer.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpExchange;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.outbound.Outbound;
import io.scaiwave.admin.testing.Wait;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys a ScaiKey may publish, how it may answer, and what that does to tokens. Without a server around. */
class ScaiKeyAuthTest {
    private static final long REFRESH_MS = 300;
    private static final long COOLDOWN_MS = 200;
    private static final long TIMEOUT_MS = 2_000;
    private static final long NEVER_MS = 3_600_000;

    private static final RSAKey ONE = rsa("one", 2048);
    private static final RSAKey OTHER = rsa("other", 2048);
    private static final ECKey EC = ec("ec", Curve.P_256);

    private final Vertx vertx = Vertx.vertx();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final KeyServer scaiKey = new KeyServer();

    @AfterEach
    void stop() {
        vertx.close().await();
        scaiKey.close();
    }

    private ScaiKeyAuth start(long refreshMs, long cooldownMs) {
        ScaiKeyAuth auth = new ScaiKeyAuth(
                new Outbound(vertx, List.of()),
                new Config.ScaiKey(
                        KeyServer.ISSUER,
                        "scaiwave",
                        scaiKey.url(),
                        "",
                        "",
                        new Secret(""),
                        List.of("RS256", "ES256"),
                        60,
                        refreshMs,
                        cooldownMs,
                        NEVER_MS,
                        TIMEOUT_MS,
                        false),
                meters);
        auth.start().await();
        return auth;
    }

    private static Future<User> authenticate(ScaiKeyAuth auth, String token) {
        return auth.authenticate(new TokenCredentials(token));
    }

    private static boolean takes(ScaiKeyAuth auth, String token) {
        Throwable refusal = catchThrowable(() -> authenticate(auth, token).await());
        if (refusal != null) {
            assertThat(refusal).isInstanceOf(Failure.class);
        }
        return refusal == null;
    }

    @Test
    void keys_ofOneIdAreAllTried() {
        JsonObject one = published(ONE).put("kid", "same");
        JsonObject other = published(OTHER).put("kid", "same");
        scaiKey.publish(one, other, published(EC).put("kid", "same"));
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        assertThat(takes(auth, token(ONE, "same"))).isTrue();
        assertThat(takes(auth, token(OTHER, "same"))).isTrue();
        assertThat(takes(auth, token(EC, "same"))).isTrue();
        assertThat(takes(auth, token(rsa("same", 2048), "same"))).isFalse();
    }

    @Test
    void keys_areAllTriedForATokenThatNamesNone_andOnlyTheNamedOneOtherwise() {
        scaiKey.publish(published(ONE), published(OTHER), published(EC));
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        for (JWK key : List.of(ONE, OTHER, EC)) {
            assertThat(takes(auth, token(key, null))).isTrue();
            assertThat(takes(auth, token(key, "one"))).isEqualTo(key.equals(ONE));
        }
        assertThat(takes(auth, token(rsa("x", 2048), null))).isFalse();
    }

    @Test
    void key_thatIsOddCostsNoOther() {
        RSAKey weak = rsa("weak", 1024);
        JsonObject offCurve = published(ec("off", Curve.P_256));
        offCurve.put("y", offCurve.getString("x"));
        scaiKey.publish(
                7,
                null,
                new JsonArray(),
                new JsonObject(),
                published(weak),
                published(ONE).put("kid", 7),
                published(ONE).put("kid", "one-e").put("e", "AQ"),
                published(ONE).put("kid", "enc").put("use", "enc"),
                published(ONE).put("kid", "sign").put("key_ops", new JsonArray().add("sign")),
                published(ONE).put("kid", "rs512").put("alg", "RS512"),
                published(ONE).put("kid", "es256").put("alg", "ES256"),
                published(ONE).put("kid", "hs256").put("alg", "HS256"),
                published(ONE).put("kid", "n").putNull("n"),
                published(ONE).put("kid", "n").put("n", "?"),
                published(ONE).put("kid", "n").put("n", new JsonArray()),
                new JsonObject()
                        .put("kty", "RSA")
                        .put("kid", "long")
                        .put("e", "AQAB")
                        .put("n", Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[] {1, 2, 3})),
                new JsonObject()
                        .put("kty", "oct")
                        .put("kid", "oct")
                        .put("k", "c2VjcmV0")
                        .put("alg", "HS256"),
                offCurve,
                published(ec("p384", Curve.P_384)),
                published(EC).put("kid", "x").put("x", "AA"),
                published(OTHER));
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        assertThat(takes(auth, token(OTHER, "other"))).isTrue();
        assertThat(takes(auth, token(weak, "weak"))).isFalse();
        for (String id : List.of("7", "one-e", "enc", "sign", "rs512", "es256", "hs256", "n")) {
            assertThat(takes(auth, token(ONE, id))).as(id).isFalse();
        }
    }

    @Test
    void key_thatIsTooLongToVerifyWithIsLeftOut() {
        BigInteger huge = BigInteger.ONE.shiftLeft(16_000).subtract(BigInteger.ONE);
        JsonObject tooLong = published(ONE)
                .put("kid", "huge")
                .put("n", Base64.getUrlEncoder().withoutPadding().encodeToString(huge.toByteArray()));
        assertThat(catchThrowable(() -> VerifyingKey.of(tooLong))).hasMessageContaining("more than 8192 bits");
    }

    @Test
    void keys_areCounted() {
        List<Object> keys = new ArrayList<>();
        keys.add(published(ONE));
        for (int i = 0; i < 40; i++) {
            keys.add(published(EC).put("kid", "ec-" + i));
        }
        keys.add(published(OTHER));
        scaiKey.publish(keys.toArray());
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        assertThat(takes(auth, token(ONE, "one"))).isTrue();
        assertThat(takes(auth, token(EC, "ec-5"))).isTrue();
        assertThat(takes(auth, token(OTHER, "other"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "null",
                "",
                "<html>",
                "{\"keys\": {}}",
                "{\"keys\": \"x\"}",
                "{\"keys\": [7, null]}"
            })
    void answer_thatIsNoDocumentOfKeys_leavesTheKeysInUse(String document) {
        scaiKey.publish(published(ONE));
        ScaiKeyAuth auth = start(NEVER_MS, 1);
        scaiKey.answer(KeyServer.saying(document));
        assertThat(takes(auth, token(OTHER, "other"))).isFalse();
        assertThat(scaiKey.fetches()).isEqualTo(2);
        assertThat(takes(auth, token(ONE, "one"))).isTrue();
        assertThat(meters.counter("scaikey.refresh.failures").count()).isEqualTo(1);
        assertThat(meters.get("scaikey.keys").gauge().value()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redirect", "huge", "deep", "drip", "silence", "cut"})
    void answer_thatHarmsIsNoAnswer(String kind) {
        KeyServer.Answer good = KeyServer.keys(published(ONE));
        scaiKey.answer(
                switch (kind) {
                    case "redirect" -> exchange -> redirect(exchange, good);
                    case "huge" -> exchange -> huge(exchange, ONE);
                    case "deep" -> exchange -> body(exchange, "[".repeat(100_000));
                    case "drip" -> ScaiKeyAuthTest::drip;
                    case "silence" -> exchange -> Thread.sleep(10_000);
                    default ->
                        exchange -> {
                            exchange.sendResponseHeaders(200, 1_000);
                            exchange.getResponseBody().write('{');
                            exchange.getResponseBody().flush();
                        };
                });
        long began = System.nanoTime();
        ScaiKeyAuth auth = start(NEVER_MS, COOLDOWN_MS);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(3 * TIMEOUT_MS));
        assertThat(auth.hasKeys()).isFalse();
        assertThat(catchThrowable(() -> authenticate(auth, token(ONE, "one")).await()))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
        scaiKey.answer(good);
        Wait.soon(auth::hasKeys); // without any token that would ask for them
        assertThat(takes(auth, token(ONE, "one"))).isTrue();
    }

    private static void body(HttpExchange exchange, String text) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void redirect(HttpExchange exchange, KeyServer.Answer good)
            throws IOException, InterruptedException {
        if (exchange.getRequestURI().getPath().equals("/elsewhere")) {
            good.give(exchange);
            return;
        }
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        exchange.sendResponseHeaders(302, -1);
    }

    /** A good key at the beginning of more than a mebibyte. */
    private static void huge(HttpExchange exchange, JWK key) throws IOException {
        JsonObject document = new JsonObject().put("keys", new JsonArray().add(published(key)));
        body(exchange, document.encode() + " ".repeat(2 << 20));
    }

    private static void drip(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        for (int i = 0; i < 100; i++) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            Thread.sleep(TIMEOUT_MS / 5);
        }
    }

    @Test
    void key_thatIsWithdrawnStopsWorkingThoughItsTokenWasTakenBefore() {
        scaiKey.publish(published(ONE), published(OTHER));
        ScaiKeyAuth auth = start(REFRESH_MS, NEVER_MS);
        String old = token(ONE, "one");
        assertThat(takes(auth, old)).isTrue();
        scaiKey.publish(published(OTHER));
        Wait.soon(() -> !takes(auth, old));
        assertThat(takes(auth, token(OTHER, "other"))).isTrue();
    }

    @Test
    void keys_thatAreAllWithdrawnStopWorkingUntilThereAreOthers() {
        scaiKey.publish(published(ONE));
        ScaiKeyAuth auth = start(REFRESH_MS, NEVER_MS);
        String old = token(ONE, "one");
        assertThat(takes(auth, old)).isTrue();
        scaiKey.publish();
        Wait.soon(() -> !takes(auth, old));
        assertThat(auth.hasKeys()).isFalse();
        scaiKey.publish(published(OTHER));
        Wait.soon(() -> takes(auth, token(OTHER, "other")));
        assertThat(takes(auth, old)).isFalse();
    }

    @Test
    void key_replacedUnderItsIdIsTakenAtOnce() {
        scaiKey.publish(published(ONE));
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        String old = token(ONE, "one");
        assertThat(takes(auth, old)).isTrue();
        scaiKey.publish(published(OTHER).put("kid", "one"));
        assertThat(takes(auth, token(OTHER, "one"))).isTrue();
        assertThat(takes(auth, old)).isFalse();
    }

    @Test
    void badSignatures_costOneFetchAndMakeNoGoodTokenWait() {
        scaiKey.publish(published(ONE));
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        scaiKey.answer(exchange -> Thread.sleep(10_000));
        List<Future<User>> bad = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            bad.add(authenticate(auth, token(OTHER, "one", "bad" + i)));
        }
        Future<User> good = authenticate(auth, token(ONE, "one"));
        assertThat(good.succeeded()).isTrue();
        bad.forEach(each -> assertThat(catchThrowable(each::await)).isInstanceOf(Failure.class));
        long began = System.nanoTime();
        assertThat(takes(auth, token(OTHER, "one"))).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(TIMEOUT_MS / 2));
        assertThat(scaiKey.fetches()).isEqualTo(2);
    }

    /** Whoever asked, on whichever event loop, goes on where they were. */
    @Test
    void eventLoops_shareTheKeysAndKeepToThemselves() {
        scaiKey.publish(published(ONE));
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        scaiKey.publish(published(OTHER));
        List<Future<Boolean>> onOwnLoop = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Promise<Boolean> own = Promise.promise();
            onOwnLoop.add(own.future());
            Context loop = context();
            String token = token(OTHER, "other", "loop" + i);
            loop.runOnContext(v -> authenticate(auth, token)
                    .onComplete(done -> own.complete(done.succeeded() && Vertx.currentContext() == loop)));
        }
        assertThat(Future.all(onOwnLoop).await().<Boolean>list()).containsOnly(true);
        assertThat(scaiKey.fetches()).isEqualTo(2);
    }

    /** Of an event loop of its own. */
    private Context context() {
        Promise<Context> loop = Promise.promise();
        vertx.deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        loop.complete(context);
                        return Future.succeededFuture();
                    }
                })
                .await();
        return loop.future().await();
    }
}
