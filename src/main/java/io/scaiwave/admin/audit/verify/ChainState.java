package io.scaiwave.admin.audit.verify;

import io.scaiwave.admin.audit.entry.HashChain;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one chain so far. Entries may come in any order: runs of entries without a gap are kept by their two ends, so
 * that a log read forwards or backwards is one run, whatever its length.
 */
final class ChainState {
    private static final int SUSPECTS_MAX = 8;

    private static final class Run {
        private long to;
        private final String prevHash;
        private String hash;

        Run(long to, String prevHash, String hash) {
            this.to = to;
            this.prevHash = prevHash;
            this.hash = hash;
        }
    }

    private final String chain;
    private final Map<Long, List<Expected>> expected = new HashMap<>();
    private final TreeMap<Long, Run> runs = new TreeMap<>(); // by their first seq
    private final List<Sighting> altered = new ArrayList<>();
    private final Map<Lost, Long> losses = new HashMap<>(); // by the entry that tells of them
    private final @Nullable Seen seen; // null: not remembered
    private final List<String> accepted = new ArrayList<>();
    private boolean acceptsLosses;
    private long last;
    private long direction;
    private @Nullable Problem first;

    /** @param remembers whether each entry is remembered, which tells a repeat from a fork */
    ChainState(String chain, List<Expected> expected, boolean remembers) {
        this.chain = chain;
        this.seen = remembers ? new Seen() : null;
        expected.forEach(each -> this.expected
                .computeIfAbsent(each.seq(), seq -> new ArrayList<>(1))
                .add(each));
    }

    void accept(Sighting entry) {
        long seq = entry.seq();
        if (!entry.fault().isEmpty()) {
            problem(seq, entry.fault());
            if (!entry.members().isEmpty() && altered.size() < SUSPECTS_MAX) {
                altered.add(entry);
            }
        }
        for (Expected each : expected.getOrDefault(seq, List.of())) {
            if (!each.hash().equals(entry.hash())) {
                problem(seq, "rewritten: %s says another hash for this entry".formatted(each.by()));
            }
        }
        if (!entry.delivered()) {
            checkOrder(seq);
        }
        if (entry.lost() != null) {
            losses.put(entry.lost(), seq);
        }
        Map.Entry<Long, Run> before = runs.floorEntry(seq);
        if (before != null && before.getValue().to >= seq) {
            repeated(entry);
            return;
        }
        if (seen != null) {
            seen.put(seq, entry.computed());
        }
        join(entry, before == null ? null : before.getValue());
    }

    /** A log is read forwards or backwards; events of the topic may come in any order, because some are sent again. */
    private void checkOrder(long seq) {
        if (last != 0 && direction == 0) {
            direction = Long.signum(seq - last);
        }
        if (last != 0 && Long.signum(seq - last) == -direction) {
            problem(seq, "reordered: it stands after seq %d".formatted(last));
        }
        last = seq;
    }

    private void repeated(Sighting entry) {
        if (seen == null) {
            problem(entry.seq(), "repeated: another entry has this seq");
        } else if (!seen.is(entry.seq(), entry.computed())) {
            problem(entry.seq(), "forked: two different entries have this seq");
        } else if (!entry.delivered()) {
            problem(entry.seq(), "repeated: it stands here twice");
        }
    }

    private void join(Sighting entry, @Nullable Run before) {
        long seq = entry.seq();
        Run run = before;
        if (run != null && run.to == seq - 1) {
            link(seq, entry.prevHash(), run.hash);
            run.to = seq;
            run.hash = entry.hash();
        } else {
            run = new Run(seq, entry.prevHash(), entry.hash());
            runs.put(seq, run);
        }
        Run after = runs.get(seq + 1);
        if (after != null) {
            link(seq + 1, after.prevHash, entry.hash());
            run.to = after.to;
            run.hash = after.hash;
            runs.remove(seq + 1);
        }
    }

    private void link(long seq, String prevHash, String hashBefore) {
        if (!prevHash.equals(hashBefore)) {
            problem(
                    seq,
                    "link broken: its prev_hash is not the hash of seq %d; one of the two was exchanged or rewritten"
                            .formatted(seq - 1));
        }
    }

    private void problem(long seq, String reason) {
        if (first == null || seq < first.seq()) {
            first = new Problem(chain, seq, reason);
        }
    }

    /**
     * Looks at the whole, once all entries were seen.
     *
     * @param tolerance what is no problem
     * @return the first of what is wrong, if anything is
     */
    @Nullable
    Problem finish(Tolerance tolerance, Exchanges exchanges) {
        acceptsLosses = tolerance.losses();
        checkBeginning(tolerance.partial());
        long to = 0;
        for (Map.Entry<Long, Run> run : runs.entrySet()) {
            if (to != 0) {
                removed(to + 1, run.getKey() - 1);
            }
            to = run.getValue().to;
        }
        for (List<Expected> each : expected.values()) {
            for (Expected one : each) {
                checkEnd(one, to);
            }
        }
        Problem exchange = exchanges.among(chain, altered);
        if (exchange != null && (first == null || exchange.seq() <= first.seq())) {
            return exchange;
        }
        return first;
    }

    private void removed(long from, long to) {
        String what = from == to ? "it is missing" : "the entries %d to %d are missing".formatted(from, to);
        Long told = losses.get(new Lost(from, to));
        if (told == null) {
            problem(from, "removed: " + what);
        } else if (acceptsLosses) {
            accepted.add("%s, seq %d: %s, as entry %d says".formatted(chain, from, what, told));
        } else {
            problem(from, "lost in a restore, as entry %d says: %s".formatted(told, what));
        }
    }

    /** What is missing and was accepted. */
    List<String> accepted() {
        return accepted;
    }

    private void checkBeginning(boolean partial) {
        if (runs.isEmpty()) {
            return;
        }
        long from = runs.firstKey();
        String prevHash = runs.firstEntry().getValue().prevHash;
        Expected floor = floor();
        long floorSeq = floor == null ? 0 : floor.seq();
        if (from == 1) {
            link(1, prevHash, HashChain.GENESIS);
        } else if (floor != null && from == floorSeq + 1) {
            link(from, prevHash, floor.hash());
        } else if (from > floorSeq + 1 && !partial) {
            removed(floorSeq + 1, from - 1);
        }
    }

    private @Nullable Expected floor() {
        return expected.values().stream()
                .flatMap(List::stream)
                .filter(each -> each.kind() == Expected.Kind.FLOOR)
                .max(Comparator.comparingLong(Expected::seq))
                .orElse(null);
    }

    private void checkEnd(Expected expectation, long to) {
        Expected floor = floor();
        boolean dropped = runs.isEmpty() && floor != null && floor.seq() >= expectation.seq();
        if (to < expectation.seq() && !dropped) {
            String cut = to == 0 ? "removed: the chain is gone" : "the tail is cut: the log ends at seq " + to;
            problem(to + 1, "%s, but %s says it went to seq %d".formatted(cut, expectation.by(), expectation.seq()));
        } else if (expectation.kind() == Expected.Kind.END && to > expectation.seq()) {
            problem(
                    expectation.seq() + 1,
                    "the head table differs: it ends at seq %d, and the log at %d".formatted(expectation.seq(), to));
        }
    }

    /** The last entry's seq and hash; null for a chain without entries. */
    @Nullable
    String head() {
        if (runs.isEmpty()) {
            return null;
        }
        Run end = runs.lastEntry().getValue();
        return "%s, seq %d: %s".formatted(chain, end.to, end.hash);
    }
}
