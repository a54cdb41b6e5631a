package io.scaiwave.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.json.CanonicalJson;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.text.Sha256;

/** What makes two bodies the same request: their canonical form, so that white space and the order of members do not count. */
final class Fingerprint {
    private Fingerprint() {}

    /** @throws Failure for a body without a canonical form: it has a number that no double holds */
    static String of(JsonNode body) {
        try {
            return Sha256.hex(CanonicalJson.bytes(Json.MAPPER.convertValue(body, Object.class)));
        } catch (IllegalArgumentException e) {
            throw Failure.invalid("", "has a number that is too large");
        }
    }
}
