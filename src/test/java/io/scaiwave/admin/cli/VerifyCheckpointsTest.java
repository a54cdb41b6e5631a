package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.testing.ChainGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb verify on an export with signed checkpoints beside it. */
class VerifyCheckpointsTest {
    private static final int COUNT = 40;

    @TempDir
    private Path folder;

    private final List<AuditEntry> entries = new ChainGenerator(1, 7).entries(COUNT);
    private final List<String> lines =
            new ArrayList<>(entries.stream().map(VerifyCheckpointsTest::line).toList());
    private final String chain = entries.get(0).chain();

    private static String line(Object value) {
        return new String(Json.bytes(value), StandardCharsets.UTF_8);
    }

    private void expectFault(int seq, String reason, String... options) {
        Verb.verify(lines, options).expectFault(chain + ", seq " + seq + ": " + reason);
    }

    private void expectWhole(String... options) {
        Verb.verify(lines, options).expectWhole();
    }

    @Test
    void aCutTail_showsByACheckpoint() throws IOException {
        String secret = "k1:" + Base64.getEncoder().encodeToString(new byte[32]);
        CheckpointKeys keys = CheckpointKeys.of(new Secret(secret), new Secret(""));
        Checkpoint head = keys.sign(chain, Checkpoint.HEAD, 40, entries.get(39).hash());
        String file =
                Files.writeString(folder.resolve("checkpoints"), line(head)).toString();
        String key = "k1=" + keys.publicKeys().get("k1");
        expectWhole("--checkpoints", file, "--public-key", key);
        assertThat(Verb.verify(lines, "--checkpoints", file).out())
                .contains("1 checkpoint (signatures not checked: no keys given)");
        lines.remove(39);
        expectFault(
                40,
                "the tail is cut: the log ends at seq 39, but a checkpoint signed at ",
                "--checkpoints",
                file,
                "--public-key",
                key);
        assertThat(Verb.run(Map.of("SCAIWAVE_SECRET_KEYS", secret), "keys").status())
                .isZero();
        assertThat(Verb.run(Map.of("SCAIWAVE_AUDIT_SIGNING_KEYS", secret), "keys")
                        .out()
                        .strip())
                .isEqualTo(key);

        Files.writeString(Path.of(file), line(head).replace("\"seq\":40", "\"seq\":39"));
        expectFault(39, "a checkpoint signed at ", "--checkpoints", file, "--public-key", key);
        assertThat(Verb.verify(lines, "--checkpoints", file, "--public-key", key)
                        .out())
                .contains("has a false signature");
        assertThat(Verb.verify(lines, "--checkpoints", file, "--public-key", key.replace("k1=", "k2="))
                        .out())
                .contains("is by a key that is not known here: k1");
    }

    @Test
    void aFloor_isWhereAChainMayBegin() throws IOException {
        CheckpointKeys keys =
                CheckpointKeys.of(new Secret("k1:" + Base64.getEncoder().encodeToString(new byte[32])), new Secret(""));
        Path file = folder.resolve("floors");
        Files.writeString(
                file, line(keys.sign(chain, Checkpoint.FLOOR, 10, entries.get(9).hash())));
        expectWhole("--checkpoints", file.toString());
        lines.subList(0, 10).clear();
        expectWhole("--checkpoints", file.toString());
        lines.remove(0);
        expectFault(11, "removed: it is missing", "--checkpoints", file.toString());
        Files.writeString(
                file, line(keys.sign(chain, Checkpoint.FLOOR, 11, entries.get(9).hash())));
        expectFault(12, "link broken", "--checkpoints", file.toString());
    }
}
