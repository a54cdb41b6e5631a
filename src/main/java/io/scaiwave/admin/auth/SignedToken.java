package io.scaiwave.admin.auth;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A token taken apart (RFC 7515, compact form) before anybody believes it. What its header says of where to find a key is not
 * looked at, and one that asks for more than a plain signature is refused.
 */
final class SignedToken {
    private static final int CHARS_MAX = 16_384;
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt");
    private static final String MEDIA_TYPE = "application/";

    private final String algorithm;
    private final @Nullable String keyId;
    private final byte[] signed;
    private final byte[] signature;
    private final String payload;

    private SignedToken(JsonObject header, String[] parts) {
        this.algorithm = header.getString("alg");
        this.keyId = header.getString("kid");
        this.signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        this.signature = bytes(parts[2]);
        this.payload = parts[1];
    }

    /** @throws io.scaiwave.admin.bus.Failure SW_AUTH_INVALID_TOKEN */
    static SignedToken parse(String text) {
        if (text.length() > CHARS_MAX) {
            throw InvalidToken.that("is longer than " + CHARS_MAX + " characters");
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3) {
            throw malformed();
        }
        JsonObject header = json(parts[0]);
        if (!(header.getValue("alg") instanceof String)) {
            throw InvalidToken.that("names no algorithm");
        }
        if (header.containsKey("kid") && !(header.getValue("kid") instanceof String)) {
            throw InvalidToken.that("has a kid that is no text");
        }
        if (header.containsKey("typ") && !isType(header.getValue("typ"))) {
            throw InvalidToken.that("has another typ than JWT or at+jwt");
        }
        if (header.containsKey("crit") || header.containsKey("b64")) {
            throw InvalidToken.that("asks for an extension in its header");
        }
        return new SignedToken(header, parts);
    }

    private static boolean isType(@Nullable Object type) {
        if (!(type instanceof String text)) {
            return false;
        }
        String name = text.toLowerCase(Locale.ROOT);
        return TYPES.contains(name.startsWith(MEDIA_TYPE) ? name.substring(MEDIA_TYPE.length()) : name);
    }

    String algorithm() {
        return algorithm;
    }

    /** Null: any key of the algorithm may have signed it. */
    @Nullable
    String keyId() {
        return keyId;
    }

    byte[] signed() {
        return signed;
    }

    byte[] signature() {
        return signature;
    }

    /** What it says. Only to be believed when a key verifies it. */
    JsonObject claims() {
        return json(payload);
    }

    private static JsonObject json(String part) {
        try {
            return new JsonObject(Buffer.buffer(bytes(part)));
        } catch (DecodeException e) {
            throw malformed();
        }
    }

    /** There is one way to write some bytes: without padding, and without bits that say nothing. */
    private static byte[] bytes(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // falls through: not base64url
        }
        throw malformed();
    }

    private static RuntimeException malformed() {
        return InvalidToken.that("is not a signed JWT");
    }
}
