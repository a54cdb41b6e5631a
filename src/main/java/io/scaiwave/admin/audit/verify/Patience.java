package io.scaiwave.admin.audit.verify;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a verb waits for what does not answer. */
final class Patience {
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "8",
            description = "How long PostgreSQL and Kafka may be silent. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    Duration timeout() {
        return Duration.ofSeconds(seconds);
    }
}
