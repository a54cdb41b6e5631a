package io.scaiwave.admin.audit.entry;

import io.scaiwave.admin.json.CanonicalJson;
import io.scaiwave.admin.json.Json;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;

/**
 * A signed statement that a chain had this entry. A log that has it no more, or ends before it, has lost entries.
 *
 * @param kind {@code head}: the chain's last entry at that time; {@code floor}: the last of those that retention dropped
 * @param signature Ed25519, base64, over the canonical form (RFC 8785) of the other members
 */
public record Checkpoint(
        String chain, String kind, long seq, String hash, OffsetDateTime signedAt, String keyId, String signature) {
    /** The columns of audit_checkpoints and audit_floors that make a checkpoint; the table says of which kind. */
    public static final String COLUMNS = "chain, seq, hash, signed_at, key_id, signature";

    public static final String HEAD = "head";
    public static final String FLOOR = "floor";

    /** What the signature covers. */
    byte[] signed() {
        Map<String, Object> members = new TreeMap<>();
        members.put("chain", chain);
        members.put("kind", kind);
        members.put("seq", seq);
        members.put("hash", hash);
        members.put("signed_at", Json.time(signedAt));
        members.put("key_id", keyId);
        return CanonicalJson.bytes(members);
    }

    /** The key of the compacted topic: the newest head and the newest floor of each chain stay. */
    public String topicKey() {
        return kind.equals(HEAD) ? chain : chain + "#" + kind;
    }
}
