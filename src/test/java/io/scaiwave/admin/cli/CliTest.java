package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.Main;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.ConfigLoader;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.local.ClassPath;
import io.scaiwave.admin.testing.ChainGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the verbs say when they cannot do their work. */
class CliTest {
    private static final String KEYS = "k1:" + Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir
    private Path folder;

    @Test
    void whatCannotBeRead_isASentenceAndStatus2() {
        for (String[] arguments : new String[][] {
            {"verify", "--file", folder.resolve("none").toString()},
            {"verify", "--file", folder.toString()},
            {"verify", "--db"},
            {"verify", "--db", "nonsense"},
            {"verify", "--db", "postgresql://a:b@127.0.0.1:1/c"},
            {"verify", "--kafka", "127.0.0.1:1", "--timeout", "1"},
            {"verify", "--file", "-", "--public-key", "k1=AAAA"},
            {"verify", "--file", "-", "--tenant", "none"},
            {"verify"},
            {"verify", "--db", "--kafka"},
            {"replay", "--from", "1"},
            {"verify", "--db", "postgresql://a:b@127.0.0.1:1/c", "--timeout", "0"},
            {"verify", "--kafka", "127.0.0.1:1", "--timeout", "-1"},
            {"retain", "--before", "2026-01"},
            {"reconcile"},
            {"keys"},
            {"frobnicate"},
            {"--frobnicate"}
        }) {
            Verb verb = Verb.run(Map.of(), arguments);
            assertThat(verb.status()).as(Arrays.toString(arguments)).isEqualTo(2);
            assertThat(verb.err()).as(Arrays.toString(arguments)).isNotBlank().doesNotContain("Exception", "\tat ");
        }
        assertThat(Verb.run(Map.of(), "verify", "--file", "pom.xml").err())
                .isEqualTo(
                        "verify: there is no audit entry in it: line 1 is not JSON in UTF-8, or has a member twice\n");
        assertThat(Verb.run(Map.of(), "verify", "--db").err())
                .isEqualTo("verify: SCAIWAVE_DB_URL is not set, and --db names none" + System.lineSeparator());
        assertThat(Verb.run(Map.of(), "verify", "--db", "nonsense").err()).startsWith("verify: --db must look like");
        assertThat(Verb.run(Map.of("SCAIWAVE_DB_URL", "nonsense"), "verify", "--db")
                        .err())
                .startsWith("verify: SCAIWAVE_DB_URL must look like");
        assertThat(Verb.run(Map.of(), "reconcile").err())
                .isEqualTo("reconcile: SCAIWAVE_DB_URL is not set" + System.lineSeparator());
        assertThat(Verb.run(Map.of(), "keys").err())
                .isEqualTo("keys: neither SCAIWAVE_AUDIT_SIGNING_KEYS nor SCAIWAVE_SECRET_KEYS is set"
                        + System.lineSeparator());
        assertThat(Verb.run(Map.of("SCAIWAVE_SECRET_KEYS", "hunter2"), "keys").err())
                .startsWith("keys: SCAIWAVE_SECRET_KEYS must be id:base64 pairs")
                .doesNotContain("hunter2");
        assertThat(Verb.run(Map.of(), "nonsense").err())
                .contains("Usage: scaiwave-admin", "verify", "reconcile", "replay", "keys");
        assertThat(Verb.run(Map.of(), "--help").status()).isZero();
        assertThat(Verb.run(Map.of(), "verify", "--help").out()).contains("--partial", "Exit status:");
    }

    @Test
    void version_isThatOfTheBuild() {
        for (String option : List.of("--version", "-V")) {
            Verb verb = Verb.run(Map.of(), option);
            assertThat(verb.status()).isZero();
            assertThat(verb.out().strip())
                    .matches("scaiwave-admin \\d+\\.\\d+\\.\\d+(-SNAPSHOT)? \\(commit ([0-9a-f]{7,}|unknown)\\)");
        }
        assertThat(Verb.run(Map.of(), "--help").out()).contains("-V, --version");
    }

    /** As an operator keeps it: the keys stand in the file, not in the environment. */
    private Path folderWith(String settings) throws IOException {
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Files.writeString(conf.resolve("server.yaml"), settings);
        return conf;
    }

    @Test
    void keys_takesThemFromTheFileInTheWorkingDirectory() throws IOException, InterruptedException {
        folderWith("secrets:\n  keys: " + KEYS + "\n");
        Process keys = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        ClassPath.current(),
                        Main.class.getName(),
                        "keys")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(keys.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keys.waitFor()).as(said).isZero();
        assertThat(said.strip()).isEqualTo("k1=" + key("k1"));
    }

    private static String key(String id) {
        return CheckpointKeys.of(new Secret(""), new Secret(KEYS)).publicKeys().get(id);
    }

    @Test
    void verify_takesTheKeysFromTheFileInTheWorkingDirectory() throws IOException {
        Path conf = folderWith("secrets:\n  keys: ${SCAIWAVE_OTHER_NAME:" + KEYS + "}\n");
        ChainGenerator generator = new ChainGenerator(1, 7);
        AuditEntry entry = generator.next();
        Checkpoint head = CheckpointKeys.of(new Secret(""), new Secret(KEYS))
                .sign(entry.chain(), Checkpoint.HEAD, entry.seq(), entry.hash());
        String file = Files.writeString(folder.resolve("checkpoints"), Json.text(head))
                .toString();
        String[] verify = {"verify", "--file", "-", "--checkpoints", file};
        assertThat(Verb.reading(Json.text(entry), new ConfigLoader(conf, Map.of()), verify)
                        .out())
                .startsWith("whole")
                .contains("1 checkpoint (signatures checked)");
        assertThat(Verb.reading(Json.text(entry), Map.of(), verify).out())
                .contains("1 checkpoint (signatures not checked: no keys given)");
        assertThat(Verb.reading(
                                Json.text(entry),
                                new ConfigLoader(conf, Map.of("SCAIWAVE_OTHER_NAME", "hunter2")),
                                verify)
                        .err())
                .startsWith("verify: SCAIWAVE_OTHER_NAME must be id:base64 pairs");
    }
}
