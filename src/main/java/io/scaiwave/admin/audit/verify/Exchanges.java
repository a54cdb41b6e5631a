package io.scaiwave.admin.audit.verify;

import io.scaiwave.admin.audit.entry.HashChain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells two entries that were exchanged, in whole or in part, from two that were altered: put back in place, they match their hashes
 * again. What was exchanged is found by trying, so there is an end to it.
 */
final class Exchanges {
    private static final int MEMBERS_MAX = 12;
    private static final long TRIES_MAX = 300_000; // about a second

    private long tries;

    /** The first two of a chain that were exchanged, as far as can be told. */
    @Nullable
    Problem among(String chain, List<Sighting> altered) {
        for (int i = 0; i < altered.size(); i++) {
            for (int j = i + 1; j < altered.size(); j++) {
                Sighting one = altered.get(i);
                Sighting other = altered.get(j);
                if (one.seq() != other.seq() && exchanged(one, other)) {
                    return new Problem(
                            chain,
                            Math.min(one.seq(), other.seq()),
                            "exchanged: what stands here and at seq %d changed places"
                                    .formatted(Math.max(one.seq(), other.seq())));
                }
            }
        }
        return null;
    }

    private boolean exchanged(Sighting one, Sighting other) {
        List<String> differing = one.members().keySet().stream()
                .filter(name -> !name.equals("hash")
                        && !Objects.equals(
                                one.members().get(name), other.members().get(name)))
                .toList();
        if (differing.size() > MEMBERS_MAX) {
            return false;
        }
        for (int choice = 0; choice < 1 << differing.size() && tries < TRIES_MAX; choice++) {
            Map<String, Object> mixed = new HashMap<>(one.members());
            for (int i = 0; i < differing.size(); i++) {
                if ((choice >> i & 1) == 1) {
                    mixed.put(differing.get(i), other.members().get(differing.get(i)));
                }
            }
            if (matches(mixed, one, other)) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(Map<String, Object> members, Sighting one, Sighting other) {
        tries++;
        try {
            String hash = HashChain.hash(members);
            return hash.equals(one.hash()) || hash.equals(other.hash());
        } catch (IllegalArgumentException e) {
            return false; // a member without a canonical form
        }
    }
}
