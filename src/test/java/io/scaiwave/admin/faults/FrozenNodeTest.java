package io.scaiwave.admin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Fault 5 in its reduced form. */
class FrozenNodeTest {
    @Test
    void frozenPastItsLease_forksNoChain() {
        assertThat(FrozenNode.run(1).violations()).isEmpty();
    }
}
