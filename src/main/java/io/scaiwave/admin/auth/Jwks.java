package io.scaiwave.admin.auth;

import io.scaiwave.admin.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.impl.jose.JWK;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ScaiKey's public signing keys, of the configured algorithms only: no symmetric key, whatever the document holds. */
final class Jwks {
    private static final Logger LOG = LoggerFactory.getLogger(Jwks.class);

    /** What a key is for that does not say so, by its type. */
    private static final Map<String, String> ALGORITHMS = Map.of("RSA", "RS256", "EC", "ES256");

    private final Config.ScaiKey config;
    private final HttpRequest<Buffer> request;

    Jwks(Vertx vertx, Config.ScaiKey config) {
        this.config = config;
        this.request = WebClient.create(vertx).getAbs(config.jwksUrl()).timeout(config.timeoutMs());
    }

    /** At least one key; fails when there is none, so that the keys in use stay. */
    Future<List<JsonObject>> fetch() {
        return request.send()
                .map(response -> {
                    List<JsonObject> keys = usable(response.bodyAsJsonObject().getJsonArray("keys", new JsonArray()));
                    if (response.statusCode() != 200 || keys.isEmpty()) {
                        throw new IllegalStateException("status " + response.statusCode() + ", no usable signing key");
                    }
                    return keys;
                })
                .onFailure(e -> LOG.warn("fetching the keys from {} failed: {}", config.jwksUrl(), e.toString()));
    }

    private List<JsonObject> usable(JsonArray all) {
        List<JsonObject> keys = new ArrayList<>();
        for (Object item : all) {
            if (item instanceof JsonObject key && signing(key)) {
                keys.add(key);
            }
        }
        return keys;
    }

    private boolean signing(JsonObject key) {
        String byType = ALGORITHMS.get(key.getString("kty", ""));
        if (byType == null
                || !config.algorithms().contains(key.getString("alg", byType))
                || !"sig".equals(key.getString("use", "sig"))) {
            return false;
        }
        try {
            // A JWK without its numbers is made all the same, and an unsigned token is taken where it is the only one.
            return new JWK(key).publicKey() != null;
        } catch (RuntimeException e) {
            LOG.warn("key {} of {} cannot be used: {}", key.getString("kid"), config.jwksUrl(), e.toString());
            return false;
        }
    }
}
