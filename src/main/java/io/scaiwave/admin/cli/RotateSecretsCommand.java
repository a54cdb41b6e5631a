package io.scaiwave.admin.cli;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.PostgresUrl;
import io.scaiwave.admin.config.Secrets;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Encrypts what is kept secret in the database anew, so that an old key can be dropped. */
@Command(
        name = "rotate-secrets",
        sortOptions = false,
        description =
                "Encrypt every API key that the database keeps with the first of SCAIWAVE_SECRET_KEYS, so that the others can be "
                        + "dropped. Servers go on meanwhile. Give the new key to all of them before, else they go on writing with "
                        + "the old one. May be stopped and run again.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:all are under the first key; the others can be dropped",
            "1:refused, or some are not: it says why",
            "2:failed"
        })
final class RotateSecretsCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final Output output;

    @Mixin
    private final QuietOption quiet = new QuietOption();

    @Option(names = "--dry-run", description = "Change nothing; say what would be done.")
    private boolean dryRun;

    @Mixin
    private TimeoutOption patience = new TimeoutOption(60);

    RotateSecretsCommand(Console console) {
        this.console = console;
        this.output = new Output(console);
    }

    @Override
    public Integer call() throws SQLException {
        Secrets secrets = new Secrets(console.settings().section("secrets", Config.Secrets.class));
        if (!dryRun && !console.has(Signatures.SIGNING_KEYS)) {
            throw new Refusal("the key that signs checkpoints is derived from a secret key that is to go: first set "
                    + "%s to what the verb keys prints with --signing"
                            .formatted(console.settings().name(Signatures.SIGNING_KEYS)));
        }
        PostgresUrl url = console.database("db.url");
        try (Progress progress = quiet.progress(console, output, "API keys")) {
            SecretRotation.Outcome outcome = patience.pulse(url).during(() -> rotate(url, secrets, progress));
            progress.end();
            return report(outcome);
        }
    }

    private SecretRotation.Outcome rotate(PostgresUrl url, Secrets secrets, Progress progress) throws SQLException {
        try (LogTables tables = LogTables.open(url, patience.timeout())) {
            return new SecretRotation(tables.connection(), secrets, dryRun).run(progress);
        }
    }

    private int report(SecretRotation.Outcome outcome) {
        output.print(outcome, out -> {
            outcome.lostOf()
                    .forEach(tenant ->
                            out.printf("tenant %s: its API key cannot be decrypted; it must be set again%n", tenant));
            out.printf(
                    "%d API keys %s encrypted with the key %s; %d are lost; %d are under another key%n",
                    outcome.rotated(), dryRun ? "would be" : "were", outcome.keyId(), outcome.lost(), outcome.older());
        });
        boolean done = outcome.lost() == 0 && (dryRun || outcome.older() == 0);
        return done ? ExitStatus.WHOLE : ExitStatus.NOT_WHOLE;
    }
}
