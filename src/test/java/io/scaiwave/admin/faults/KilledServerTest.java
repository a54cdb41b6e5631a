package io.scaiwave.admin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Fault 1 in its reduced form. */
class KilledServerTest {
    private static final int KILLS = 4;

    @Test
    void killed_losesAndInventsNothing() {
        assertThat(KilledServer.run(KILLS).violations()).isEmpty();
    }
}
