package io.scaiwave.admin.audit.verify;

import io.scaiwave.admin.audit.HashChain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells two entries that were exchanged from two that were altered: put back in place, they match their hashes again. */
final class Exchanges {
    /** What may have stayed in its place while the rest went over to the other's. */
    private static final List<List<String>> STAYED = List.of(
            List.of("seq"),
            List.of("seq", "prev_hash"),
            List.of("seq", "prev_hash", "id"),
            List.of("seq", "prev_hash", "id", "created_at"));

    private Exchanges() {}

    /** Null when no two of them were exchanged. */
    static Problem among(List<Sighting> altered) {
        for (Sighting one : altered) {
            for (Sighting other : altered) {
                if (one.seq() != other.seq() && exchanged(one, other)) {
                    long first = Math.min(one.seq(), other.seq());
                    long second = Math.max(one.seq(), other.seq());
                    return new Problem(
                            one.chain(),
                            first,
                            "exchanged: what stands here and at seq %d changed places".formatted(second));
                }
            }
        }
        return null;
    }

    private static boolean exchanged(Sighting one, Sighting other) {
        return STAYED.stream().anyMatch(members -> matches(with(one, other, members), one, other))
                || matches(with(one, other, List.of("changes")), one, other);
    }

    private static Map<String, Object> with(Sighting one, Sighting other, List<String> members) {
        Map<String, Object> mixed = new HashMap<>(one.members());
        members.forEach(member -> mixed.put(member, other.members().get(member)));
        return mixed;
    }

    private static boolean matches(Map<String, Object> members, Sighting one, Sighting other) {
        try {
            String hash = HashChain.hash(members);
            return hash.equals(one.hash()) || hash.equals(other.hash());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
