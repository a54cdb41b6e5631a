package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.audit.verify.Unreadable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints the public keys of the checkpoints' signatures: an auditor who has them needs no secret. */
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
        CheckpointKeys keys = Signatures.ofEnvironment(console);
        if (keys == null) {
            throw new Unreadable("neither SCAIWAVE_AUDIT_SIGNING_KEYS nor SCAIWAVE_SECRET_KEYS is set");
        }
        keys.publicKeys().forEach((id, key) -> console.out().println(id + "=" + key));
        return Cli.WHOLE;
    }
}
