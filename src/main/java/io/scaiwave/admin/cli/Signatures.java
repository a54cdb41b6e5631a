package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.bus.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the keys come from that checkpoints are signed and checked with. */
final class Signatures {
    static final String SIGNING_KEYS = "audit.signingKeys";
    static final String SECRET_KEYS = "secrets.keys";

    private Signatures() {}

    /** @throws Unreadable when the settings name none */
    static CheckpointKeys needed(Console console) {
        if (!console.has(SIGNING_KEYS) && !console.has(SECRET_KEYS)) {
            throw new Unreadable("neither %s nor %s is set"
                    .formatted(
                            console.settings().name(SIGNING_KEYS),
                            console.settings().name(SECRET_KEYS)));
        }
        return CheckpointKeys.of(
                new Secret(console.settings().text(SIGNING_KEYS)),
                new Secret(console.settings().text(SECRET_KEYS)));
    }

    /** Null when neither options nor settings name any, and signatures are not checked. */
    static @Nullable CheckpointKeys of(Map<String, String> publicKeys, Console console) {
        boolean own = console.has(SIGNING_KEYS) || console.has(SECRET_KEYS);
        if (publicKeys.isEmpty()) {
            return own ? needed(console) : null;
        }
        try {
            CheckpointKeys given = CheckpointKeys.ofPublic(publicKeys);
            return own ? needed(console).with(given) : given;
        } catch (IllegalArgumentException e) {
            throw new Unreadable(String.valueOf(e.getMessage()), e);
        }
    }
}
