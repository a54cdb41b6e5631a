package io.scaiwave.admin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Fault 5 in its reduced form; AuditNodesTest has a shorter one. */
@Tag("long")
class FrozenNodeTest {
    private static final long FROZEN_SECONDS = 8;

    @Test
    void frozenPastItsLease_forksNoChain() {
        assertThat(FrozenNode.run(1, FROZEN_SECONDS).violations()).isEmpty();
    }
}
