package io.scaiwave.admin.auth;

import io.scaiwave.admin.bus.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What parses bearer tokens and ScaiKey's document of keys. */
public final class AuthTargets {
    private AuthTargets() {}

    /** As it comes; and as the header, the claims and the signature of a token in the right form, which are parted by line breaks. */
    public static void token(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        parse(text);
        String[] parts = text.split("\n", 3);
        if (parts.length == 3) {
            parse(encoded(parts[0]) + "." + encoded(parts[1]) + "." + encoded(parts[2]));
        }
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void parse(String text) {
        try {
            Claims.of(SignedToken.parse(text).claims(), text);
        } catch (Failure e) {
            // a token that is not taken
        }
    }

    public static void claims(byte[] data) {
        try {
            Claims claims = Claims.of(new JsonObject(Buffer.buffer(data)), "token");
            if (claims.admin() && claims.roles().isEmpty() && claims.permissions().isEmpty()) {
                throw new AssertionError("an admin by nothing");
            }
        } catch (DecodeException | Failure e) {
            // no JSON, or claims that are not taken
        }
    }

    public static void jwks(byte[] data) {
        JsonArray keys;
        try {
            keys = Jwks.keys(new JsonObject(Buffer.buffer(data)));
        } catch (DecodeException | IllegalStateException e) {
            return; // no document of keys
        }
        for (Object key : keys) {
            try {
                Jwks.usable(key);
            } catch (RuntimeException e) {
                // costs that key, not the others
            }
        }
    }
}
