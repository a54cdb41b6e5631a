package io.scaiwave.admin.audit.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which clock was set, and that nothing is written meanwhile; the clocks are the test's. */
class ClockWatchTest {
    private static final long LIMIT_MS = 5_000;
    private static final long HOUR_MS = 3_600_000;
    private static final long NOON_MS = 1_800_000_000_000L;

    private long node = NOON_MS;
    private long steady;
    private @Nullable String problem;
    private final ClockWatch watch = new ClockWatch(LIMIT_MS, () -> node, () -> steady, said -> problem = said);

    private void passes(long ms) {
        node += ms;
        steady += ms;
    }

    private void agree() {
        watch.require(watch.now(), node);
        assertThat(problem).isNull();
    }

    private void assertRefused(long database, String whose) {
        assertThatThrownBy(() -> watch.require(watch.now(), database)).isInstanceOf(ClockWatch.ClocksDiffer.class);
        assertThat(watch.differ()).isTrue();
        assertThat(problem).startsWith(whose);
    }

    @Test
    void databasesClock_thatWasSetIsNamedUntilItIsBack() {
        agree();
        passes(1_000);
        assertRefused(node + HOUR_MS, "PostgreSQL's clock was set");
        assertThat(watch.skewMs()).isEqualTo(HOUR_MS);
        assertRefused(node - HOUR_MS, "PostgreSQL's clock was set");
        assertThat(watch.skewMs()).isEqualTo(-HOUR_MS);
        agree();
        assertThat(watch.differ()).isFalse();
    }

    @Test
    void nodesClock_thatWasSetIsNamedUntilItIsBack() {
        agree();
        passes(1_000);
        long right = node;
        for (long off : new long[] {HOUR_MS, -HOUR_MS}) {
            node = right + off;
            assertRefused(right, "this node's clock was set");
        }
        node = right;
        agree();
    }

    @Test
    void clocks_thatNeverAgreedAreBothNamed() {
        assertRefused(node + HOUR_MS, "PostgreSQL's clock or this node's");
    }

    @Test
    void difference_withinTheLimitIsNone() {
        for (long off : new long[] {LIMIT_MS, -LIMIT_MS}) {
            assertThatCode(() -> watch.require(watch.now(), node + off)).doesNotThrowAnyException();
        }
        assertRefused(node + LIMIT_MS + 1, "PostgreSQL's clock");
    }

    /** As of a node that was frozen between the question and the answer. */
    @Test
    void answer_thatWasLongUnderWayIsNoDifference() {
        agree();
        long asked = watch.now();
        passes(HOUR_MS);
        watch.require(asked, asked + 1);
        assertThat(watch.skewMs()).isZero();
    }
}
