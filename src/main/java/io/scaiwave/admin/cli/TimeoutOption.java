package io.scaiwave.admin.cli;

import io.scaiwave.admin.config.PostgresUrl;
import io.scaiwave.admin.db.Pulse;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long a verb waits for what does not answer. */
final class TimeoutOption {
    private static final int SECONDS_MAX = 3_600;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec verb;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long PostgreSQL and Kafka may be silent. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    /** @param seconds without the option */
    TimeoutOption(int seconds) {
        this.seconds = seconds;
    }

    Duration timeout() {
        if (seconds < 1 || seconds > SECONDS_MAX) {
            throw new ParameterException(verb.commandLine(), "--timeout must be from 1 to %d".formatted(SECONDS_MAX));
        }
        return Duration.ofSeconds(seconds);
    }

    /** Of work on that database. */
    Pulse pulse(PostgresUrl url) {
        return new Pulse(url, timeout());
    }
}
