package io.scaiwave.admin.audit.verify;

import io.scaiwave.admin.audit.entry.HashChain;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it was found, with the hash that its content really has.
 *
 * @param chain null for what is no entry at all
 * @param delivered whether it came as an event of the topic, in whatever order, and perhaps more than once
 * @param computed the hash of its content, which tells it from any other entry in its place; empty where there is none
 * @param members the content, when it does not match the hash; else empty, because nobody needs it any more
 * @param lost the entries before it that it says were lost in a restore; null when it says nothing of the kind
 * @param fault what is wrong with it by itself; empty when nothing is
 */
public record Sighting(
        @Nullable String chain,
        long seq,
        String prevHash,
        String hash,
        boolean delivered,
        String computed,
        Map<String, Object> members,
        @Nullable Lost lost,
        String fault) {

    private static final String ALTERED = "altered: its content does not match its hash";

    static Sighting unreadable(String fault) {
        return new Sighting(null, 0, "", "", false, "", Map.of(), null, fault);
    }

    /** An entry of a log whose content matches its hash, and which says nothing of lost ones. */
    static Sighting intact(String chain, long seq, String prevHash, String hash) {
        return new Sighting(chain, seq, prevHash, hash, false, hash, Map.of(), null, "");
    }

    /** An entry of which no more can be said than its place. */
    public static Sighting broken(String chain, long seq, String prevHash, String hash) {
        return new Sighting(chain, seq, prevHash, hash, false, "", Map.of(), null, ALTERED);
    }

    /**
     * Hashes the members exactly as they were served: one more or one less makes another hash.
     *
     * @param where it stood, for the case that it is no entry
     */
    public static Sighting of(Map<String, Object> members, boolean delivered, String where) {
        if (!(members.get("chain") instanceof String chain)
                || !(members.get("seq") instanceof Number number)
                || !(members.get("prev_hash") instanceof String prevHash)
                || !(members.get("hash") instanceof String hash)
                || number.doubleValue() != number.longValue()
                || number.longValue() < 1) {
            return unreadable(where + " is no audit entry");
        }
        long seq = number.longValue();
        String computed;
        try {
            computed = HashChain.hash(members);
        } catch (IllegalArgumentException e) {
            computed = "";
        }
        boolean intact = computed.equals(hash);
        Map<String, Object> kept = intact ? Map.of() : members;
        Lost lost = intact ? Lost.saidBy(members) : null;
        return new Sighting(chain, seq, prevHash, hash, delivered, computed, kept, lost, intact ? "" : ALTERED);
    }

    /** The same with a fault, unless it has one already. */
    Sighting withFault(String other) {
        return fault.isEmpty()
                ? new Sighting(chain, seq, prevHash, hash, delivered, computed, members, lost, other)
                : this;
    }
}
