package io.scaiwave.admin.audit.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts the entries of all chains together, and says what is wrong with which. Not thread-safe. */
public final class ChainVerifier {
    private static final int UNREADABLE_MAX = 20;

    private final Map<String, ChainState> chains = new HashMap<>();
    private final Map<String, List<Expected>> expected = new TreeMap<>();
    private final List<Problem> others = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();
    private final boolean remembers;
    private long entries;
    private long unreadableCount;

    /** @param remembers whether each entry is remembered: where repeats are no fault, they must be told from forks */
    public ChainVerifier(boolean remembers) {
        this.remembers = remembers;
    }

    /** Before the first entry. */
    public void expect(Expected each) {
        expected.computeIfAbsent(each.chain(), chain -> new ArrayList<>()).add(each);
        chains.remove(each.chain());
        state(each.chain());
    }

    /** What is wrong beside the entries. */
    public void problem(Problem problem) {
        others.add(problem);
    }

    public void accept(Sighting entry) {
        if (entry.chain() == null) {
            unreadableCount++;
            if (unreadable.size() < UNREADABLE_MAX) {
                unreadable.add(entry.fault());
            }
            return;
        }
        entries++;
        state(entry.chain()).accept(entry);
    }

    private ChainState state(String chain) {
        ChainState state = chains.get(chain);
        if (state == null) {
            state = new ChainState(chain, expected.getOrDefault(chain, List.of()), remembers);
            chains.put(chain, state);
        }
        return state;
    }

    public long entries() {
        return entries;
    }

    public int chainCount() {
        return (int)
                chains.values().stream().filter(chain -> chain.head() != null).count();
    }

    /** What could not be read as an entry, the first ones of it. */
    public List<String> unreadable() {
        return unreadable;
    }

    public long unreadableCount() {
        return unreadableCount;
    }

    /** What is missing and was tolerated, once all was looked at. */
    public List<String> accepted() {
        return chains.values().stream()
                .flatMap(chain -> chain.accepted().stream())
                .toList();
    }

    public List<String> heads() {
        return chains.values().stream()
                .map(ChainState::head)
                .filter(head -> head != null)
                .toList();
    }

    /** The first of what is wrong with each chain, by the chains' names. */
    public List<Problem> finish(Tolerance tolerance) {
        Map<String, Problem> first = new TreeMap<>();
        others.forEach(problem -> first.merge(problem.chain(), problem, ChainVerifier::earlier));
        Exchanges exchanges = new Exchanges();
        chains.forEach((chain, state) -> {
            Problem problem = state.finish(tolerance, exchanges);
            if (problem != null) {
                first.merge(chain, problem, ChainVerifier::earlier);
            }
        });
        return List.copyOf(first.values());
    }

    private static Problem earlier(Problem a, Problem b) {
        return b.seq() < a.seq() ? b : a;
    }
}
