package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the verbs say when they cannot do their work. */
class CliTest {
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
                .isEqualTo("verify: there is no audit entry in it: line 1 is not JSON, or has a member twice\n");
        assertThat(Verb.run(Map.of(), "nonsense").err())
                .contains("Usage: scaiwave-admin", "verify", "reconcile", "replay", "keys");
        assertThat(Verb.run(Map.of(), "--help").status()).isZero();
        assertThat(Verb.run(Map.of(), "verify", "--help").out()).contains("--partial", "Exit status:");
    }
}
