package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.config.ConfigLoader;
import io.scaiwave.admin.config.InvalidSetting;
import io.scaiwave.admin.config.Version;
import io.scaiwave.admin.db.AbsentDatabase;
import io.scaiwave.admin.db.UnfitDatabase;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The verbs of the jar. Without one it is the server. */
public final class Cli {
    private Cli() {}

    /** @return the exit status: 0 all is well, 1 it is not, 2 it could not be read or the arguments are wrong */
    public static int run(String[] args, Map<String, String> environment) {
        return run(args, new Console(new ConfigLoader(environment), System.in, writer(System.out), writer(System.err)));
    }

    /** The health verb alone, with no class of another verb loaded. */
    public static int health(String[] args, Map<String, String> environment) {
        Console console = new Console(new ConfigLoader(environment), System.in, writer(System.out), writer(System.err));
        return status(new CommandLine(new Root()).addSubcommand(new HealthCommand(console)), args, console);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    static int run(String[] args, Console console) {
        CommandLine line = new CommandLine(new Root())
                .addSubcommand(new MigrateCommand(console))
                .addSubcommand(new VerifyCommand(console))
                .addSubcommand(new ReconcileCommand(console))
                .addSubcommand(new ReplayCommand(console))
                .addSubcommand(new RecoverCommand(console))
                .addSubcommand(new RetainCommand(console))
                .addSubcommand(new RotateSecretsCommand(console))
                .addSubcommand(new KeysCommand(console))
                .addSubcommand(new HealthCommand(console));
        return status(line, args, console);
    }

    private static int status(CommandLine line, String[] args, Console console) {
        line.setOut(console.out())
                .setErr(console.err())
                .setParameterExceptionHandler((e, parsed) -> {
                    console.err().println(e.getMessage());
                    e.getCommandLine().usage(console.err());
                    return ExitStatus.UNREADABLE;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    console.err().println(command.getCommandName() + ": " + sentence(e, console.settings()));
                    return ExitStatus.UNREADABLE;
                });
        addVersion(line);
        addHelp(line);
        line.getSubcommands().values().forEach(Cli::addHelp);
        int status = line.execute(args);
        console.out().flush();
        console.err().flush();
        return status;
    }

    private static void addHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this.")
                        .build());
    }

    private static void addVersion(CommandLine line) {
        line.getCommandSpec()
                .version(line.getCommandName() + " " + Version.current())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Show the version and the commit it was built from.")
                        .build());
    }

    /** What failed, for an operator: no class names where the cause has words of its own. */
    private static String sentence(Throwable e, ConfigLoader settings) {
        if (e instanceof InvalidSetting invalid) {
            return words(settings.named(invalid));
        }
        if (e instanceof Unreadable || e instanceof AbsentDatabase || e instanceof UnfitDatabase) {
            return words(e);
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String words = words(root);
        if (e instanceof SQLException) {
            return "PostgreSQL: " + words;
        }
        if (e instanceof KafkaException) {
            return "Kafka: " + words;
        }
        return e instanceof UncheckedIOException || root instanceof IOException ? words : root.toString();
    }

    private static String words(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    @Command(
            name = "scaiwave-admin",
            synopsisSubcommandLabel = "[VERB]",
            description =
                    "Without a verb: the server. The verbs migrate the schema and check the audit trail, and need no server; "
                            + "health asks one. "
                            + "They take their settings as the server does: from conf/server.yaml and the environment.",
            exitCodeListHeading = "%nExit status:%n",
            exitCodeList = {
                "0:all is well",
                "1:the trail is not whole, or what was asked was refused",
                "2:it could not be read"
            })
    static final class Root implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "Which verb?");
        }
    }
}
