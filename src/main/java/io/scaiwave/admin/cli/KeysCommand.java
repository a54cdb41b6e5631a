package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.bus.Secret;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the public keys of the checkpoints' signatures: with them an auditor needs no secret. */
@Command(
        name = "keys",
        description = "Print the public keys that checkpoints are signed with, as verify's --public-key takes them, "
                + "from SCAIWAVE_AUDIT_SIGNING_KEYS or SCAIWAVE_SECRET_KEYS.")
final class KeysCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final Output output;

    @Option(
            names = "--signing",
            description =
                    "Print instead, as SCAIWAVE_AUDIT_SIGNING_KEYS takes them, the secret keys that are derived from "
                            + "SCAIWAVE_SECRET_KEYS, so that checkpoints go on being signed with them when the secret keys are others.")
    private boolean signing;

    KeysCommand(Console console) {
        this.console = console;
        this.output = new Output(console);
    }

    @Override
    public Integer call() {
        if (signing) {
            Secret secretKeys = new Secret(console.needed(Signatures.SECRET_KEYS));
            String setting = CheckpointKeys.settingOf(secretKeys).value();
            output.print(new SigningKeys(setting), out -> out.println(setting));
            return ExitStatus.WHOLE;
        }
        Map<String, String> keys = Signatures.needed(console).publicKeys();
        output.print(new PublicKeys(keys), out -> keys.forEach((id, key) -> out.println(id + "=" + key)));
        return ExitStatus.WHOLE;
    }

    private record PublicKeys(Map<String, String> publicKeys) {}

    private record SigningKeys(String signingKeys) {}
}
