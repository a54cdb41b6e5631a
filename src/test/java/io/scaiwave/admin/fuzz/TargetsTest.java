package io.scaiwave.admin.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kept inputs, and some thousand that lie around them, break no parser; Jazzer looks for others at length. */
class TargetsTest {
    private static final int AROUND_EACH_TARGET = 2_000;
    private static final long SEED = 20_261_128;
    private static final int LENGTH_MAX = 4_096;

    static Stream<String> targets() {
        return Targets.ALL.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void target_takesWhatIsKeptAndWhatLiesAround(String target) {
        List<byte[]> kept = Targets.corpus(target);
        assertThat(kept).isNotEmpty();
        kept.forEach(input -> run(target, input));
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < AROUND_EACH_TARGET; i++) {
            byte[] input = kept.get(random.nextInt(kept.size()));
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                input = changed(input, kept, random);
            }
            run(target, input);
        }
    }

    private static void run(String target, byte[] input) {
        try {
            Targets.ALL.get(target).accept(input);
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            fail(target + " of base64 " + Base64.getEncoder().encodeToString(input), e);
        }
    }

    private static byte[] changed(byte[] input, List<byte[]> kept, SplittableRandom random) {
        int at = random.nextInt(input.length + 1);
        byte[] head = Arrays.copyOf(input, at);
        byte[] tail = Arrays.copyOfRange(input, Math.min(input.length, at + random.nextInt(4)), input.length);
        byte[] other = kept.get(random.nextInt(kept.size()));
        byte[] between =
                switch (random.nextInt(4)) {
                    case 0 -> new byte[0];
                    case 1 -> new byte[] {(byte) random.nextInt()};
                    case 2 -> Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
                    default -> Arrays.copyOf(head, Math.min(head.length, random.nextInt(16)));
                };
        byte[] all = Arrays.copyOf(head, head.length + between.length + tail.length);
        System.arraycopy(between, 0, all, head.length, between.length);
        System.arraycopy(tail, 0, all, head.length + between.length, tail.length);
        return Arrays.copyOf(all, Math.min(all.length, LENGTH_MAX));
    }
}
