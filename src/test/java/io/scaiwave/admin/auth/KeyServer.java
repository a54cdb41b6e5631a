package io.scaiwave.admin.auth;

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
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A JWKS URL that serves any keys, or answers in any way; and what such keys sign. */
final class KeyServer implements AutoCloseable {
    static final String ISSUER = "issuer";

    /** How a request is answered, on a thread of its own. */
    interface Answer {
        void give(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger fetches = new AtomicInteger();
    private final HttpServer http;
    private volatile Answer answer;

    KeyServer() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/", exchange -> {
            fetches.incrementAndGet();
            try (exchange) {
                answer.give(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/";
    }

    /** How many requests there were. */
    int fetches() {
        return fetches.get();
    }

    void answer(Answer given) {
        answer = given;
    }

    /** @param keys what stands in the array, well-formed or not */
    void publish(Object... keys) {
        answer(keys(keys));
    }

    static Answer keys(Object... keys) {
        return saying(
                new JsonObject().put("keys", new JsonArray(Arrays.asList(keys))).encode());
    }

    static Answer saying(String document) {
        byte[] body = document.getBytes(StandardCharsets.UTF_8);
        return exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        };
    }

    static RSAKey rsa(String id, int bits) {
        try {
            return new RSAKeyGenerator(bits, true).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static ECKey ec(String id, Curve curve) {
        try {
            return new ECKeyGenerator(curve).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** Its public half, as it is published. */
    static JsonObject published(JWK key) {
        return new JsonObject(key.toPublicJWK().toJSONObject());
    }

    /** An admin's token. */
    static String token(JWK key, String keyId) {
        return token(key, keyId, "admin");
    }

    static String token(JWK key, String keyId, String subject) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims =
                Map.of("iss", ISSUER, "aud", "scaiwave", "sub", subject, "iat", now, "exp", now + 600);
        boolean isRsa = key instanceof RSAKey;
        JWSHeader header = new JWSHeader.Builder(isRsa ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256)
                .keyID(keyId)
                .build();
        JWSObject token = new JWSObject(header, new Payload(claims));
        try {
            if (isRsa) {
                token.sign(new RSASSASigner(key.toRSAKey().toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())));
            } else {
                token.sign(new ECDSASigner(key.toECKey()));
            }
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
