package io.scaiwave.admin.cli;

import io.scaiwave.admin.config.ConfigLoader;
import io.scaiwave.admin.config.Version;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
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
        return run(args, console(environment));
    }

    /** The health verb alone, with no class of another verb loaded. */
    public static int health(String[] args, Map<String, String> environment) {
        Console console = console(environment);
        return status(new CommandLine(new Root()).addSubcommand(new HealthCommand(console)), args, console);
    }

    private static Console console(Map<String, String> environment) {
        return new Console(
                new ConfigLoader(environment),
                System.in,
                writer(System.out),
                writer(System.err),
                Terminal::hasStandardError);
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
                .addSubcommand(new CompletionCommand(console))
                .addSubcommand(new HealthCommand(console));
        return status(line, args, console);
    }

    private static int status(CommandLine line, String[] args, Console console) {
        Failures failures = new Failures(console, Arrays.asList(args).contains(Output.JSON));
        line.setOut(console.out())
                .setErr(console.err())
                .setParameterExceptionHandler((e, parsed) -> failures.ofArguments(e))
                .setExecutionExceptionHandler((e, verb, parsed) -> failures.of(e, verb.getCommandName()));
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
