package io.scaiwave.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/** What makes two bodies the same request: their canonical form, so that white space and the order of members do not count. */
final class Fingerprint {
    private Fingerprint() {}

    static String of(JsonNode body) {
        try {
            byte[] canonical = new JsonCanonicalizer(body.toString()).getEncodedUTF8();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("a body that was parsed has no canonical form", e);
        }
    }
}
