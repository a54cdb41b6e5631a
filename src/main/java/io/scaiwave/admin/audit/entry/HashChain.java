package io.scaiwave.admin.audit.entry;

import io.scaiwave.admin.json.CanonicalJson;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The hash of an entry: lower-case hex SHA-256 of the UTF-8 bytes of the RFC 8785 canonical form of the entry as it is served,
 * without its {@code hash} member. Each entry holds the hash of the one before it in {@code prev_hash}.
 */
public final class HashChain {
    /** What the first entry of a chain has in the place of the hash before it. */
    public static final String GENESIS = "0".repeat(64);

    private HashChain() {}

    /** The hash of an entry's members; one that they already have does not count. */
    public static String hash(Map<String, Object> members) {
        return HexFormat.of().formatHex(sha256().digest(CanonicalJson.bytesWithout("hash", members)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
