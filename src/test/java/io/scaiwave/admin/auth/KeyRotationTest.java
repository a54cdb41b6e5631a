package io.scaiwave.admin.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.scaiwave.admin.local.LocalScaiKey;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ScaiKey's keys come, go and fail to come. On a server of its own, with one event loop. */
class KeyRotationTest {
    private static final String PARTNERS = "/v1/admin/partners";
    private static final String INVALID = "SW_AUTH_INVALID_TOKEN";
    private static final Map<String, Object> CLAIMS = Map.of("sub", "root", "role", "super_admin");
    private static final String COOLDOWN_MS = "1500"; // longer than the flood of unknown keys
    private static final int STRANGERS = 4;
    private static final int REPEATS = 10;

    private static TestServer server;
    private static LocalScaiKey scaiKey;

    @BeforeAll
    static void start() {
        server = TestServer.mistreated()
                .beside(Map.of("SCAIWAVE_HTTP_INSTANCES", "1", "SCAIWAVE_SCAIKEY_COOLDOWN_MS", COOLDOWN_MS));
        scaiKey = server.platform().scaiKey();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Api.Reply read(String token) {
        return server.anonymous().withToken(token).get(PARTNERS);
    }

    /** Waits for what takes effect no sooner than the pause between two fetches for unknown keys. */
    private static void awaitStatus(int port, String token, int status) {
        Wait.soon(() -> new Api(port, Map.of()).withToken(token).get(PARTNERS).status() == status);
    }

    @Test
    void rotation_takesTheNewKeyAtOnceAndTheOldOneNoMore() {
        server.restart();
        String old = scaiKey.token(CLAIMS);
        read(old).expect(200);
        scaiKey.rotate();
        read(scaiKey.token(CLAIMS)).expect(200);
        read(old).expect(401, INVALID);
        read(scaiKey.es256Token(CLAIMS)).expect(200);
    }

    @Test
    void rotation_isNoticedBehindAFloodOfUnknownKeysWhichCostsAFetchAtMost() {
        server.restart();
        List<String> strangers = java.util.stream.Stream.generate(
                        () -> scaiKey.forged().unknownKeyId(CLAIMS))
                .limit(STRANGERS)
                .toList();
        int before = scaiKey.jwksFetches();
        for (int i = 0; i < REPEATS; i++) {
            strangers.forEach(stranger -> read(stranger).expect(401, INVALID));
        }
        assertThat(scaiKey.jwksFetches() - before).isBetween(1, 2);
        scaiKey.rotate();
        awaitStatus(server.port(), scaiKey.token(CLAIMS), 200);
    }

    @Test
    void key_replacedUnderItsIdIsTakenAtOnceAndTheOldOneNoMore() {
        server.restart();
        String old = scaiKey.token(CLAIMS);
        read(old).expect(200);
        scaiKey.replaceKey();
        read(scaiKey.token(CLAIMS)).expect(200);
        read(old).expect(401, INVALID);
    }

    /** All of the process, whatever it listens with: a node is ready when each of its event loops is. */
    @Test
    void keys_areFetchedOnceForAllEventLoops() {
        int before = scaiKey.jwksFetches();
        try (TestServer other =
                server.beside(Map.of("SCAIWAVE_HTTP_INSTANCES", "4", "SCAIWAVE_SCAIKEY_COOLDOWN_MS", COOLDOWN_MS))) {
            assertThat(scaiKey.jwksFetches() - before).isEqualTo(1);
            String token = scaiKey.token(CLAIMS);
            for (int i = 0; i < 8; i++) {
                new Api(other.port(), Map.of()).withToken(token).get(PARTNERS).expect(200);
            }
            assertThat(scaiKey.jwksFetches() - before).isEqualTo(1);
        }
    }

    @Test
    void scaiKey_beingAwayLeavesTheKeysInUse() {
        server.restart();
        scaiKey.setAvailable(false);
        try {
            read(scaiKey.forged().unknownKeyId(CLAIMS)).expect(401, INVALID);
            read(scaiKey.token(CLAIMS)).expect(200);
            read(scaiKey.forged().none(CLAIMS)).expect(401, INVALID);
        } finally {
            scaiKey.setAvailable(true);
        }
    }

    @Test
    void scaiKey_beingAwayAtTheStartIs503UntilItIsBack() {
        scaiKey.stop();
        try {
            server.restart();
            assertUnavailable(server.port());
            server.anonymous().get("/health/ready").expect(503);
        } finally {
            scaiKey.startAgain();
        }
        // Without a token that would ask for the keys.
        Wait.soon(() -> server.anonymous().get("/health/ready").status() == 200);
        awaitStatus(server.port(), scaiKey.token(CLAIMS), 200);
        read(scaiKey.forged().none(CLAIMS)).expect(401, INVALID);
    }

    @Test
    void keys_ofWhichNoneCanBeUsedAre503UntilOneCan() throws Exception {
        AtomicReference<String> served = new AtomicReference<>("""
            {"keys": [7, {}, {"kty": "oct", "kid": "s", "alg": "HS256", "k": "c2VjcmV0"}, {"kty": "RSA", "kid": "r", "n": "?"},
                      {"kty": "RSA", "kid": "e", "use": "enc", "n": "AQAB", "e": "AQAB"}, {"kty": 1, "alg": 2, "kid": 3}]}\
            """);
        HttpServer keys = jwks(served);
        String url = "http://127.0.0.1:" + keys.getAddress().getPort() + "/";
        try (TestServer other =
                server.beside(Map.of("SCAIWAVE_SCAIKEY_JWKS_URL", url, "SCAIWAVE_SCAIKEY_COOLDOWN_MS", COOLDOWN_MS))) {
            assertUnavailable(other.port());
            for (String useless : List.of("{\"keys\": []}", "{}", "[]", "<html>", "")) {
                served.set(useless);
                assertUnavailable(other.port());
            }
            served.set(HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(scaiKey.jwksUrl())).build(), BodyHandlers.ofString())
                    .body());
            awaitStatus(other.port(), scaiKey.token(CLAIMS), 200);
        } finally {
            keys.stop(0);
        }
    }

    /** Without a key no token is taken, least of all one without a signature. */
    private static void assertUnavailable(int port) {
        for (String token : List.of(
                scaiKey.forged().none(CLAIMS), scaiKey.forged().hs256OverPublicKey(CLAIMS), scaiKey.token(CLAIMS))) {
            Api.Reply reply =
                    new Api(port, Map.of()).withToken(token).get(PARTNERS).expect(503, "SW_UNAVAILABLE");
            assertThat(Integer.parseInt(reply.header("Retry-After"))).isPositive();
        }
        new Api(port, Map.of()).get(PARTNERS).expect(401, INVALID);
    }

    private static HttpServer jwks(AtomicReference<String> served) throws IOException {
        HttpServer keys = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keys.createContext("/", exchange -> {
            byte[] body = served.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        keys.start();
        return keys;
    }
}
