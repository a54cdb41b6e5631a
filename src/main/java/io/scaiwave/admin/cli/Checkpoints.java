package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.audit.verify.ChainVerifier;
import io.scaiwave.admin.audit.verify.Expected;
import io.scaiwave.admin.audit.verify.Problem;
import io.scaiwave.admin.json.Json;

/** What was signed about the chains: it counts when the signature is good, or there is no key to check it with. */
final class Checkpoints {
    /** The compacted topic that they are published on. */
    static String topic(Console console) {
        return console.setting("SCAIWAVE_AUDIT_CHECKPOINT_TOPIC", "scaiwave.admin.audit.checkpoints.v1");
    }

    private final CheckpointKeys keys;
    private final ChainsOption scope;
    private final ChainVerifier verifier;
    private long count;

    /** @param keys null: signatures are not checked */
    Checkpoints(CheckpointKeys keys, ChainsOption scope, ChainVerifier verifier) {
        this.keys = keys;
        this.scope = scope;
        this.verifier = verifier;
    }

    void add(Checkpoint checkpoint) {
        if (!scope.has(checkpoint.chain())) {
            return;
        }
        count++;
        String what = checkpoint.kind().equals(Checkpoint.FLOOR) ? "floor" : "checkpoint";
        String by = "a %s signed at %s".formatted(what, Json.time(checkpoint.signedAt()));
        if (keys != null && !keys.knows(checkpoint.keyId())) {
            refuse(checkpoint, by + " is by a key that is not known here: " + checkpoint.keyId());
        } else if (keys != null && !keys.verifies(checkpoint)) {
            refuse(checkpoint, by + " has a false signature");
        } else {
            verifier.expect(new Expected(
                    checkpoint.chain(),
                    checkpoint.seq(),
                    checkpoint.hash(),
                    checkpoint.kind().equals(Checkpoint.FLOOR) ? Expected.Kind.FLOOR : Expected.Kind.HEAD,
                    by));
        }
    }

    private void refuse(Checkpoint checkpoint, String reason) {
        verifier.problem(new Problem(checkpoint.chain(), checkpoint.seq(), reason));
    }

    String summary() {
        return count == 0
                ? "no checkpoints"
                : count
                        + (count == 1 ? " checkpoint" : " checkpoints")
                        + (keys == null ? " (signatures not checked: no keys given)" : " (signatures checked)");
    }
}
