package io.scaiwave.admin.cli;

import picocli.CommandLine.Option;

/** Whether long work shows how far it is. */
final class QuietOption {
    @Option(names = "--quiet", description = "Show no progress.")
    private boolean quiet;

    Progress progress(Console console, Output output, String unit) {
        if (quiet || output.json()) {
            return Progress.none();
        }
        return new Progress(console.err(), unit, console.terminal().getAsBoolean());
    }
}
