package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.bus.Secret;
import java.util.Map;

/** Where the keys come from that checkpoints are checked with. */
final class Signatures {
    private static final String SIGNING_KEYS = "SCAIWAVE_AUDIT_SIGNING_KEYS";
    private static final String SECRET_KEYS = "SCAIWAVE_SECRET_KEYS";

    private Signatures() {}

    /** Null when the environment names none. */
    static CheckpointKeys ofEnvironment(Console console) {
        String signing = console.setting(SIGNING_KEYS, "");
        String secret = console.setting(SECRET_KEYS, "");
        return signing.isEmpty() && secret.isEmpty()
                ? null
                : CheckpointKeys.of(new Secret(signing), new Secret(secret));
    }

    /** Null when there are none, and signatures are not checked. */
    static CheckpointKeys of(Map<String, String> publicKeys, Console console) {
        if (publicKeys.isEmpty()) {
            return ofEnvironment(console);
        }
        try {
            return CheckpointKeys.ofPublic(publicKeys);
        } catch (IllegalArgumentException e) {
            throw new Unreadable(e.getMessage(), e);
        }
    }
}
