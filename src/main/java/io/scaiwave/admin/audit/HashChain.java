package io.scaiwave.admin.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * The hash of an entry: lower-case hex SHA-256 of the UTF-8 bytes of the RFC 8785 canonical form of the entry as it is served,
 * without its {@code hash} member. Each entry holds the hash of the one before it in {@code prev_hash}.
 */
final class HashChain {
    static final String GENESIS = "0".repeat(64);

    private HashChain() {}

    static String hash(AuditEntry entry) {
        ObjectNode hashed = entry.json();
        hashed.remove("hash");
        try {
            return HexFormat.of().formatHex(sha256().digest(new JsonCanonicalizer(hashed.toString()).getEncodedUTF8()));
        } catch (IOException e) {
            throw new IllegalStateException("an entry that is not JSON", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
