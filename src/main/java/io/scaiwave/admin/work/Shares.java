package io.scaiwave.admin.work;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Counts the places that each name has taken of its share. Thread-safe. */
public final class Shares {
    private final Map<String, Integer> taken = new HashMap<>();

    /** Takes a place for each of the names, or for none where one has as many as it may have. */
    public synchronized boolean take(Map<String, Integer> shares) {
        for (Map.Entry<String, Integer> share : shares.entrySet()) {
            if (taken.getOrDefault(share.getKey(), 0) >= share.getValue()) {
                return false;
            }
        }
        shares.keySet().forEach(name -> taken.merge(name, 1, Integer::sum));
        return true;
    }

    public synchronized void leave(Set<String> names) {
        names.forEach(name -> taken.computeIfPresent(name, (key, count) -> count == 1 ? null : count - 1));
    }
}
