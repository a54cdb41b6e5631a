package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What may be done to a whole trail: each thing alone, and each pair. The same every time. */
final class MutatedTrails {
    static final long SEED = 20_261_128;
    static final Trail WHOLE = Trail.whole();

    private static final int SOME = 3;
    private static final int MANY = 12;
    private static final int EACH_PAIR = 1;

    /** @param expected the first bad places; by the reference where more than one thing was done */
    record Case(String name, Trail trail, String expected) {}

    private MutatedTrails() {}

    static List<Case> alone(int each) {
        List<Case> cases = new ArrayList<>();
        for (Mutation mutation : Mutation.values()) {
            SplittableRandom random =
                    new SplittableRandom(SEED + mutation.name().hashCode());
            for (int i = 0; i < each; i++) {
                Mutation.Done done = mutation.on(WHOLE, random);
                String reference = Verdict.of(done.trail(), false);
                if (done.seq() >= 0) {
                    assertThat(reference).as("%s %d", mutation, i).isEqualTo(done.place());
                }
                cases.add(new Case(mutation + " " + i, done.trail(), reference));
            }
        }
        return cases;
    }

    static List<Case> pairs() {
        List<Case> cases = new ArrayList<>();
        for (Mutation one : Mutation.values()) {
            for (Mutation two : Mutation.values()) {
                SplittableRandom random = new SplittableRandom(
                        SEED + 31L * one.name().hashCode() + two.name().hashCode());
                for (int i = 0; i < EACH_PAIR; i++) {
                    Trail trail = two.on(one.on(WHOLE, random).trail(), random).trail();
                    cases.add(new Case(one + " and " + two + " " + i, trail, Verdict.of(trail, false)));
                }
            }
        }
        return cases;
    }

    static List<Case> some() {
        List<Case> cases = new ArrayList<>(List.of(new Case("whole", WHOLE, "whole")));
        cases.addAll(alone(SOME));
        return cases;
    }

    static List<Case> all() {
        List<Case> cases = new ArrayList<>(alone(MANY));
        cases.addAll(pairs());
        return cases;
    }
}
