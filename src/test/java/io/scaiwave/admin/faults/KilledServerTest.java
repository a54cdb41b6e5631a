package io.scaiwave.admin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Fault 1 in its reduced form. */
class KilledServerTest {
    private static final int KILLS = 8; // the last of which hits a server that starts

    @Test
    void killedOnce_losesAndInventsNothing() {
        assertThat(KilledServer.run(1).violations()).isEmpty();
    }

    @Test
    @Tag("long")
    void killedAgainAndAgain_losesAndInventsNothing() {
        assertThat(KilledServer.run(KILLS).violations()).isEmpty();
    }
}
