package io.scaiwave.admin.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What database and topic do not have in common: for each chain, ranges of one kind. */
final class Differences {
    private static final int RANGES_MAX = 200;

    /** A range of one chain. */
    record Difference(String chain, long from, long to, String what) {}

    private static final class Range {
        private final long from;
        private long to;
        private final String what;

        Range(long seq, String what) {
            this.from = seq;
            this.to = seq;
            this.what = what;
        }
    }

    private final Map<String, List<Range>> ranges = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private long count;
    private boolean equal = true;

    /** In ascending order of seq within a chain, for each kind. */
    void add(String chain, long seq, String what) {
        equal = false;
        range(chain, seq, what);
    }

    /** What is no fault. */
    void addWaiting(String chain, long seq, String what) {
        range(chain, seq, what);
    }

    private void range(String chain, long seq, String what) {
        List<Range> all = ranges.computeIfAbsent(chain, c -> new ArrayList<>());
        Range last = all.isEmpty() ? null : all.get(all.size() - 1);
        if (last != null && last.to == seq - 1 && last.what.equals(what)) {
            last.to = seq;
            return;
        }
        count++;
        if (count <= RANGES_MAX) {
            all.add(new Range(seq, what));
        }
    }

    void fault(String line) {
        equal = false;
        note(line);
    }

    void note(String line) {
        if (notes.size() < RANGES_MAX) {
            notes.add(line);
        }
    }

    boolean equal() {
        return equal;
    }

    List<Difference> ranges() {
        List<Difference> found = new ArrayList<>();
        ranges.forEach((chain, all) ->
                all.forEach(range -> found.add(new Difference(chain, range.from, range.to, range.what))));
        return found;
    }

    /** How many ranges there are, those that are not listed included. */
    long count() {
        return count;
    }

    /** What is no range of entries. */
    List<String> remarks() {
        return notes;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        ranges.forEach((chain, all) -> all.forEach(range -> lines.add("%s, seq %s: %s"
                .formatted(chain, range.from == range.to ? range.from : range.from + "-" + range.to, range.what))));
        lines.addAll(notes);
        if (count > RANGES_MAX) {
            lines.add("and %d more ranges".formatted(count - RANGES_MAX));
        }
        return lines;
    }
}
