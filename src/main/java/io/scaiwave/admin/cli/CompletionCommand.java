package io.scaiwave.admin.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what makes bash and zsh complete the verbs and their options. */
@Command(
        name = "completion",
        description = "Print a script for bash and zsh that completes verbs and options of scaiwave-admin: "
                + "source <(scaiwave-admin completion).")
final class CompletionCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec spec;

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        CommandSpec root = spec.root();
        console.out().print(AutoComplete.bash(root.name(), root.commandLine()));
        return ExitStatus.WHOLE;
    }
}
