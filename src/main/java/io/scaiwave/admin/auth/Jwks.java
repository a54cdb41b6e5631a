package io.scaiwave.admin.auth;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.outbound.BoundedHttp;
import io.scaiwave.admin.outbound.Outbound;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks ScaiKey for its public signing keys, of the configured algorithms only: no symmetric key, whatever the document holds. */
final class Jwks {
    private static final int BYTES_MAX = 1 << 20;
    private static final int CONNECTIONS_MAX = 2;
    private static final int KEYS_MAX = 32; // a token without a kid may cost a look at each

    /**
     * What there was.
     *
     * @param keys all that can be used; none: ScaiKey has withdrawn them all
     * @param leftOut which could not be used and why, for the log
     */
    record Found(List<VerifyingKey> keys, List<String> leftOut) {}

    private final Config.ScaiKey config;
    private final BoundedHttp http;

    Jwks(Outbound outbound, Config.ScaiKey config) {
        this.config = config;
        this.http = outbound.http(new BoundedHttp.Limits(config.timeoutMs(), BYTES_MAX, CONNECTIONS_MAX));
    }

    /** Fails when the answer is no document of keys, so that those in use stay. A document without any withdraws them all. */
    Future<Found> fetch() {
        return http.get(config.jwksUrl(), Map.of("Accept", "application/json")).map(answer -> {
            if (answer.status() != 200) {
                throw new IllegalStateException("status " + answer.status());
            }
            return found(keys(answer.json()));
        });
    }

    /** @throws IllegalStateException when it is no document of keys */
    static JsonArray keys(JsonObject document) {
        if (!(document.getValue("keys") instanceof JsonArray all)) {
            throw new IllegalStateException("the answer has no list of keys");
        }
        if (!all.isEmpty() && all.stream().noneMatch(JsonObject.class::isInstance)) {
            throw new IllegalStateException("the answer has a list of something else than keys");
        }
        return all;
    }

    private Found found(JsonArray all) {
        List<VerifyingKey> keys = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (int i = 0; i < Math.min(all.size(), KEYS_MAX); i++) {
            try {
                keys.add(configured(all.getValue(i)));
            } catch (RuntimeException e) { // an odd key costs that key, not the others
                leftOut.add("key " + (i + 1) + ": " + e.getMessage());
            }
        }
        if (all.size() > KEYS_MAX) {
            leftOut.add("all after the first " + KEYS_MAX);
        }
        return new Found(List.copyOf(keys), List.copyOf(leftOut));
    }

    static VerifyingKey usable(Object item) {
        if (!(item instanceof JsonObject jwk)) {
            throw new IllegalArgumentException("it is no object");
        }
        return VerifyingKey.of(jwk);
    }

    private VerifyingKey configured(Object item) {
        VerifyingKey key = usable(item);
        if (!config.algorithms().contains(key.algorithm())) {
            throw new IllegalArgumentException("its algorithm is not configured");
        }
        return key;
    }
}
