package io.scaiwave.admin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Fault 7 in its reduced form; PageReaderTest bounds each step, and OverloadTest what one tenant may take. */
@Tag("long")
class GreedyTenantTest {
    private static final int ENTRIES = 20_000;
    private static final int SECONDS = 2;
    /** Of a few dozen requests, on nodes that have only just started. */
    private static final double P99_MS_MAX = 1_500;

    @Test
    void oneTenantsQueries_stallNoOthers() {
        assertThat(GreedyTenant.run(ENTRIES, SECONDS, P99_MS_MAX).violations()).isEmpty();
    }
}
