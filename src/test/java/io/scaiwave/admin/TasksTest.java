package io.scaiwave.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.scaiwave.admin.local.ClassPath;
import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each block of docs/tasks.md does what it says it does, alone. */
class TasksTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");
    private static final int BLOCKS_MIN = 13;
    private static final long SECONDS_MAX = 60;

    /** The verbs, without the jar that is not made yet. */
    private static final String JAVA = """
            java() {
                [[ "$1 $2" == '-jar target/scaiwave-admin.jar' ]] || return 2
                "$JAVA_PROGRAM" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC io.scaiwave.admin.Main "${@:3}"
            }
            """;

    private static Map<String, String> environment = Map.of();

    @TempDir
    private Path folder;

    @BeforeAll
    static void tokens() {
        TestServer server = TestServer.shared();
        TestServer.Tenant tenant = server.newTenant();
        tenant.change("on the topic").expect(200);
        server.settleWithKafka();
        environment = Map.of(
                "KAFKA",
                server.platform().kafka().bootstrapServers(),
                "API",
                "http://127.0.0.1:" + server.port(),
                "TENANT_ADMIN",
                token(server, Map.of("sub", "tasks", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId)),
                "PARTNER_ADMIN",
                token(server, Map.of("sub", "tasks", "role", "partner_admin", "partner_id", tenant.partner.scaiKeyId)),
                "SUPER_ADMIN",
                token(server, Map.of("sub", "tasks", "role", "super_admin")),
                "JAVA_PROGRAM",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "CLASSPATH",
                ClassPath.current());
    }

    private static String token(TestServer server, Map<String, Object> claims) {
        return server.platform().scaiKey().token(claims);
    }

    static List<String> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("docs/tasks.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    @Test
    void blocks_areThere_andFailWhenTheServerRefuses() throws IOException {
        assertThat(blocks()).hasSizeGreaterThanOrEqualTo(BLOCKS_MIN).allSatisfy(block -> {
            List<String> calls = Pattern.compile("\\bcurl .*")
                    .matcher(block)
                    .results()
                    .map(MatchResult::group)
                    .toList();
            assertThat(block).containsAnyOf("curl ", "kcat -C ");
            assertThat(calls).allMatch(call -> call.startsWith("curl --fail-with-body --silent --show-error "));
        });
    }

    @ParameterizedTest(name = "block {index}")
    @MethodSource("blocks")
    void block_succeeds(String block) throws IOException, InterruptedException {
        assumeTrue(run("curl --json '{}' --version").status == 0, "no curl, or an old one");
        assumeTrue(!block.contains("jq ") || run("jq --version").status == 0, "no jq");
        assumeTrue(!block.contains("kcat ") || run("kcat -V").status == 0, "no kcat");
        Outcome outcome = run(block);
        assertThat(outcome.status).as(block + "\n" + outcome.said).isZero();
        assertThat(outcome.said).doesNotContain("\"error\"");
    }

    @Test
    void theTopicsBlock_countsWhatWasChanged() throws IOException, InterruptedException {
        assumeTrue(run("kcat -V && jq --version").status == 0, "no kcat, or no jq");
        List<String> blocks = blocks();
        assertThat(run(blocks.get(blocks.size() - 1)).said).containsPattern("(?m)^\\d+\t.+\tai_config.update$");
    }

    @Test
    void block_thatIsRefused_fails() throws IOException, InterruptedException {
        String refused = Stream.of(blocks().get(0).split("\n"))
                .map(line -> line.replace("voxtral-small-latest", "no-such-model"))
                .reduce("", (lines, line) -> lines + line + "\n");
        assertThat(run(refused).status).isNotZero();
    }

    private record Outcome(int status, String said) {}

    private Outcome run(String script) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", JAVA + script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().putAll(environment);
        Process bash = builder.start();
        try {
            assertThat(bash.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).as(script).isTrue();
        } finally {
            bash.destroyForcibly();
        }
        return new Outcome(bash.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
    }
}
