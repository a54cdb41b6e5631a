package io.scaiwave.admin.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints the public keys of the checkpoints' signatures: with them an auditor needs no secret. */
@Command(
        name = "keys",
        description = "Print the public keys that checkpoints are signed with, as verify's --public-key takes them, "
                + "from SCAIWAVE_AUDIT_SIGNING_KEYS or SCAIWAVE_SECRET_KEYS.")
final class KeysCommand implements Callable<Integer> {
    private final Console console;

    KeysCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Signatures.needed(console).publicKeys().forEach((id, key) -> console.out()
                .println(id + "=" + key));
        return ExitStatus.WHOLE;
    }
}
