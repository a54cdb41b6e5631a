package io.scaiwave.admin.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Config;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
    private static final ECKey EC = ec("ec");

    private interface Answer {
        void give(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger fetches = new AtomicInteger();
    private HttpServer scaiKey;
    private volatile Answer answer;

    @BeforeEach
    void listen() throws IOException {
        scaiKey = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        scaiKey.setExecutor(threads);
        scaiKey.createContext("/", exchange -> {
            fetches.incrementAndGet();
            try (exchange) {
                answer.give(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        scaiKey.start();
    }

    @AfterEach
    void stop() {
        vertx.close().await();
        scaiKey.stop(0);
        threads.shutdownNow();
    }

    private static RSAKey rsa(String id, int bits) {
        try {
            return new RSAKeyGenerator(bits, true).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static ECKey ec(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonObject published(JWK key) {
        return new JsonObject(key.toPublicJWK().toJSONObject());
    }

    private void publish(JWK... keys) {
        publish(Arrays.stream(keys).map(ScaiKeyAuthTest::published).toArray());
    }

    private void publish(Object... keys) {
        say(new JsonObject().put("keys", new JsonArray(Arrays.asList(keys))).encode());
    }

    private void say(String document) {
        byte[] body = document.getBytes(StandardCharsets.UTF_8);
        answer = exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        };
    }

    private ScaiKeyAuth start(long refreshMs, long cooldownMs) {
        ScaiKeyAuth auth = new ScaiKeyAuth(
                vertx,
                new Config.ScaiKey(
                        "issuer",
                        "scaiwave",
                        "http://127.0.0.1:" + scaiKey.getAddress().getPort() + "/",
                        "",
                        "",
                        new Secret(""),
                        List.of("RS256", "ES256"),
                        60,
                        refreshMs,
                        cooldownMs,
                        NEVER_MS,
                        TIMEOUT_MS));
        auth.start().await();
        return auth;
    }

    private static String token(JWK key, String keyId) {
        return token(key, keyId, "admin");
    }

    private static String token(JWK key, String keyId, String subject) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims =
                Map.of("iss", "issuer", "aud", "scaiwave", "sub", subject, "iat", now, "exp", now + 600);
        boolean isRsa = key instanceof RSAKey;
        JWSObject token = new JWSObject(
                new JWSHeader.Builder(isRsa ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256)
                        .keyID(keyId)
                        .build(),
                new Payload(claims));
        try {
            token.sign(
                    isRsa
                            ? new RSASSASigner(key.toRSAKey().toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance()))
                            : new ECDSASigner(key.toECKey()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
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
        publish(one, other, published(EC).put("kid", "same"));
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        assertThat(takes(auth, token(ONE, "same"))).isTrue();
        assertThat(takes(auth, token(OTHER, "same"))).isTrue();
        assertThat(takes(auth, token(EC, "same"))).isTrue();
        assertThat(takes(auth, token(rsa("same", 2048), "same"))).isFalse();
    }

    @Test
    void keys_areAllTriedForATokenThatNamesNone_andOnlyTheNamedOneOtherwise() {
        publish(ONE, OTHER, EC);
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        for (JWK key : List.of(ONE, OTHER, EC)) {
            assertThat(takes(auth, token(key, null))).isTrue();
            assertThat(takes(auth, token(key, "one"))).isEqualTo(key.equals(ONE));
        }
        assertThat(takes(auth, token(rsa("x", 2048), null))).isFalse();
    }

    @Test
    void key_thatIsOddCostsNoOther() throws Exception {
        RSAKey weak = rsa("weak", 1024);
        JsonObject offCurve = published(ec("off"));
        offCurve.put("y", offCurve.getString("x"));
        publish(
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
                published(new ECKeyGenerator(Curve.P_384).keyID("p384").generate()),
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
        publish(keys.toArray());
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        assertThat(takes(auth, token(ONE, "one"))).isTrue();
        assertThat(takes(auth, token(EC, "ec-5"))).isTrue();
        assertThat(takes(auth, token(OTHER, "other"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "[]", "7", "null", "", "<html>", "{\"keys\": {}}", "{\"keys\": \"x\"}", "{\"keys\": []}"})
    void answer_withoutAKeyLeavesTheKeysInUse(String document) {
        publish(ONE);
        ScaiKeyAuth auth = start(NEVER_MS, 1);
        say(document);
        assertThat(takes(auth, token(OTHER, "other"))).isFalse();
        assertThat(fetches).hasValue(2);
        assertThat(takes(auth, token(ONE, "one"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redirect", "huge", "deep", "drip", "silence", "cut"})
    void answer_thatHarmsIsNoAnswer(String kind) {
        publish(ONE);
        Answer good = answer;
        answer = switch (kind) {
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
        };
        long began = System.nanoTime();
        ScaiKeyAuth auth = start(NEVER_MS, COOLDOWN_MS);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(3 * TIMEOUT_MS));
        assertThat(auth.hasKeys()).isFalse();
        assertThat(catchThrowable(() -> authenticate(auth, token(ONE, "one")).await()))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
        answer = good;
        Wait.soon(auth::hasKeys); // without any token that would ask for them
        assertThat(takes(auth, token(ONE, "one"))).isTrue();
    }

    private static void body(HttpExchange exchange, String text) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void redirect(HttpExchange exchange, Answer good) throws IOException, InterruptedException {
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
        publish(ONE, OTHER);
        ScaiKeyAuth auth = start(REFRESH_MS, NEVER_MS);
        String old = token(ONE, "one");
        assertThat(takes(auth, old)).isTrue();
        publish(OTHER);
        Wait.soon(() -> !takes(auth, old));
        assertThat(takes(auth, token(OTHER, "other"))).isTrue();
    }

    @Test
    void key_replacedUnderItsIdIsTakenAtOnce() {
        publish(ONE);
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        String old = token(ONE, "one");
        assertThat(takes(auth, old)).isTrue();
        publish(published(OTHER).put("kid", "one"));
        assertThat(takes(auth, token(OTHER, "one"))).isTrue();
        assertThat(takes(auth, old)).isFalse();
    }

    @Test
    void badSignatures_costOneFetchAndMakeNoGoodTokenWait() {
        publish(ONE);
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        answer = exchange -> Thread.sleep(10_000);
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
        assertThat(fetches).hasValue(2);
    }

    /** Whoever asked, on whichever event loop, goes on where they were. */
    @Test
    void eventLoops_shareTheKeysAndKeepToThemselves() {
        publish(ONE);
        ScaiKeyAuth auth = start(NEVER_MS, NEVER_MS);
        publish(OTHER);
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
        assertThat(fetches).hasValue(2);
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
