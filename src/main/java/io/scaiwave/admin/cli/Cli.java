package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.config.InvalidSetting;
import java.io.InputStream;
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
    static final int WHOLE = 0;
    static final int NOT_WHOLE = 1;
    static final int UNREADABLE = 2;

    private Cli() {}

    /** @return the exit status: 0 all is well, 1 it is not, 2 it could not be read or the arguments are wrong */
    public static int run(String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
        return run(args, environment, System.in, new PrintStream[] {out, err});
    }

    static int run(String[] args, Map<String, String> environment, InputStream in, PrintStream[] outAndErr) {
        PrintWriter out = new PrintWriter(outAndErr[0], true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(outAndErr[1], true, StandardCharsets.UTF_8);
        Console console = new Console(environment, in, out, err);
        CommandLine line = new CommandLine(new Root())
                .addSubcommand(new VerifyCommand(console))
                .addSubcommand(new ReconcileCommand(console))
                .addSubcommand(new ReplayCommand(console))
                .addSubcommand(new RetainCommand(console))
                .addSubcommand(new KeysCommand(console))
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, parsed) -> {
                    err.println(e.getMessage());
                    e.getCommandLine().usage(err);
                    return UNREADABLE;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    err.println(command.getCommandName() + ": " + sentence(e));
                    return UNREADABLE;
                });
        addHelp(line);
        line.getSubcommands().values().forEach(Cli::addHelp);
        int status = line.execute(args);
        out.flush();
        err.flush();
        return status;
    }

    private static void addHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this.")
                        .build());
    }

    /** What failed, for an operator: no class names where the cause has words of its own. */
    static String sentence(Throwable e) {
        if (e instanceof Unreadable || e instanceof InvalidSetting) {
            return e.getMessage();
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String words = root.getMessage() == null ? root.toString() : root.getMessage();
        if (e instanceof SQLException) {
            return "PostgreSQL: " + words;
        }
        if (e instanceof KafkaException) {
            return "Kafka: " + words;
        }
        return e instanceof UncheckedIOException || root instanceof java.io.IOException ? words : root.toString();
    }

    @Command(
            name = "scaiwave-admin",
            synopsisSubcommandLabel = "[VERB]",
            description = "Without a verb: the server. The verbs check the audit trail, and need no server.",
            exitCodeListHeading = "%nExit status:%n",
            exitCodeList = {"0:all is well", "1:the trail is not whole", "2:it could not be read"})
    static final class Root implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "Which verb?");
        }
    }
}
