package io.scaiwave.admin.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a verb waits for what does not answer. */
final class TimeoutOption {
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
