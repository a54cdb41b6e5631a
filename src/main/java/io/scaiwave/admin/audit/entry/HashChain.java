package io.scaiwave.admin.audit.entry;

import io.scaiwave.admin.json.CanonicalJson;
import io.scaiwave.admin.text.Sha256;
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
        return Sha256.hex(CanonicalJson.bytesWithout("hash", members));
    }
}
