package io.scaiwave.admin.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.scaiwave.admin.audit.verify.ChainVerifier;
import io.scaiwave.admin.audit.verify.Problem;
import io.scaiwave.admin.audit.verify.SignedCheckpoints;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What verify found. Lists are cut; the counts are not. */
record VerifyResult(
        boolean whole,
        List<Problem> problems,
        int problemCount,
        List<String> accepted,
        List<String> unreadable,
        long unreadableCount,
        long entries,
        int chains,
        long checkpoints,
        boolean signaturesChecked,
        double seconds) {
    private static final int PROBLEMS_MAX = 50;

    /** The same, and the last entry of each chain. */
    record WithHeads(@JsonUnwrapped VerifyResult result, List<String> heads) {}

    static VerifyResult of(ChainVerifier verifier, List<Problem> problems, SignedCheckpoints signed, double seconds) {
        return new VerifyResult(
                problems.isEmpty() && verifier.unreadableCount() == 0,
                problems.stream().limit(PROBLEMS_MAX).toList(),
                problems.size(),
                verifier.accepted().stream().limit(PROBLEMS_MAX).toList(),
                verifier.unreadable(),
                verifier.unreadableCount(),
                verifier.entries(),
                verifier.chainCount(),
                signed.count(),
                signed.checked(),
                seconds);
    }

    void say(PrintWriter out) {
        out.println(whole ? "whole" : "NOT WHOLE");
        problems.forEach(out::println);
        if (problemCount > PROBLEMS_MAX) {
            out.printf("and %d more chains%n", problemCount - PROBLEMS_MAX);
        }
        accepted.forEach(out::println);
        unreadable.forEach(out::println);
        out.printf(
                Locale.ROOT,
                "%,d entries in %,d chains, %,d of them not whole; %s; %.1f s%n",
                entries,
                chains,
                problemCount,
                signatures(),
                seconds);
    }

    private String signatures() {
        if (checkpoints == 0) {
            return "no checkpoints";
        }
        String counted = checkpoints + (checkpoints == 1 ? " checkpoint" : " checkpoints");
        return counted + (signaturesChecked ? " (signatures checked)" : " (signatures not checked: no keys given)");
    }
}
