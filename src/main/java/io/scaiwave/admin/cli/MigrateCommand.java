package io.scaiwave.admin.cli;

import io.scaiwave.admin.config.PostgresUrl;
import io.scaiwave.admin.db.FirstContact;
import io.scaiwave.admin.db.Migrations;
import io.scaiwave.admin.db.Schema;
import io.scaiwave.admin.db.UnfitDatabase;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Brings the schema up to date, as the owner of the tables, so that no server needs the owner's password. */
@Command(
        name = "migrate",
        sortOptions = false,
        description =
                "Bring the schema to this version, as the role that owns the tables (SCAIWAVE_DB_MIGRATION_URL, or else "
                        + "SCAIWAVE_DB_URL), and grant the server's role what it needs. May be run again, and by several at once: "
                        + "they wait for one another. No other setting is needed.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:the schema is current, or newer and open to this version",
            "1:refused: what was said is to be mended first",
            "2:the database did not answer, or the arguments or settings are wrong"
        })
final class MigrateCommand implements Callable<Integer> {
    private static final int SECONDS_MAX = 86_400;

    private final Console console;

    @Mixin
    private final Output output;

    @Spec
    private CommandSpec verb;

    @Option(
            names = "--server-role",
            paramLabel = "ROLE",
            description = "The role that the server connects as. Default: the user of SCAIWAVE_DB_URL.")
    private String serverRole = "";

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait for a database that is not up yet. Default: ${DEFAULT-VALUE}.")
    private int waitSeconds = 60;

    @Mixin
    private TimeoutOption patience = new TimeoutOption(60);

    MigrateCommand(Console console) {
        this.console = console;
        this.output = new Output(console);
    }

    @Override
    public Integer call() {
        if (waitSeconds < 0 || waitSeconds > SECONDS_MAX) {
            throw new ParameterException(verb.commandLine(), "--wait must be from 0 to %d".formatted(SECONDS_MAX));
        }
        PostgresUrl owner = console.database(console.has("db.migrationUrl") ? "db.migrationUrl" : "db.url");
        String role = serverRole.isBlank() ? console.database("db.url").user() : serverRole.strip();
        FirstContact contact = new FirstContact(owner.toString(), Duration.ofSeconds(waitSeconds), this::waiting);
        try {
            Schema schema = new Migrations(owner, role, patience.timeout()).run(contact);
            output.print(new Result(schema.version(), Schema.VERSION, role), out -> out.println(said(schema, role)));
            return ExitStatus.WHOLE;
        } catch (UnfitDatabase e) {
            throw new Refusal(e);
        }
    }

    private void waiting(String line) {
        if (!output.json()) {
            console.err().println("migrate: " + line);
        }
    }

    private record Result(int version, int releaseVersion, String role) {}

    private static String said(Schema schema, String role) {
        String newer = schema.isNewer() ? ", which is newer than this release's " + Schema.VERSION : "";
        return "the schema is at version %d%s; %s has its rights".formatted(schema.version(), newer, role);
    }
}
