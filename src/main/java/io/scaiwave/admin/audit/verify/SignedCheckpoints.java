package io.scaiwave.admin.audit.verify;

import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.json.Json;
import org.jspecify.annotations.Nullable;

/** What was signed about the chains: it counts when the signature is good, or when there is no key to check it with. */
public final class SignedCheckpoints {
    private final @Nullable CheckpointKeys keys;
    private final ChainVerifier verifier;
    private long count;

    /** @param keys null: signatures are not checked */
    public SignedCheckpoints(@Nullable CheckpointKeys keys, ChainVerifier verifier) {
        this.keys = keys;
        this.verifier = verifier;
    }

    /** Before the first entry. */
    public void add(Checkpoint checkpoint) {
        count++;
        boolean floor = checkpoint.kind().equals(Checkpoint.FLOOR);
        String by = "a %s signed at %s".formatted(floor ? "floor" : "checkpoint", Json.time(checkpoint.signedAt()));
        if (keys != null && !keys.knows(checkpoint.keyId())) {
            refuse(checkpoint, by + " is by a key that is not known here: " + checkpoint.keyId());
        } else if (keys != null && !keys.verifies(checkpoint)) {
            refuse(checkpoint, by + " has a false signature");
        } else {
            Expected.Kind kind = floor ? Expected.Kind.FLOOR : Expected.Kind.HEAD;
            verifier.expect(new Expected(checkpoint.chain(), checkpoint.seq(), checkpoint.hash(), kind, by));
        }
    }

    private void refuse(Checkpoint checkpoint, String reason) {
        verifier.problem(new Problem(checkpoint.chain(), checkpoint.seq(), reason));
    }

    public long count() {
        return count;
    }

    /** Whether there were keys to check them with. */
    public boolean checked() {
        return keys != null;
    }
}
