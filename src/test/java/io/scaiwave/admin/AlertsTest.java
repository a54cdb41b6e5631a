package io.scaiwave.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The alerts name metrics that there are and runbooks that are written, and do what they say. */
class AlertsTest {
    private static final Path RULES = Path.of("deploy/prometheus/rules.yml");
    private static final Pattern METRIC = Pattern.compile("\\b(?:http|audit|admin|process|jvm)_[a-z_]+");

    private static List<JsonNode> alerts() throws IOException {
        JsonNode rules = new ObjectMapper(new YAMLFactory())
                .readTree(Files.readString(RULES))
                .at("/groups/0/rules");
        return rules.valueStream().toList();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlert_namesMetricsThatThereAre(JsonNode alert) {
        TestServer server = TestServer.shared();
        server.newTenant().admin.get("/v1/admin/ai-config").expect(200);
        String metrics = server.metrics();
        Set<String> named = METRIC.matcher(alert.path("expr").asText())
                .results()
                .map(MatchResult::group)
                .map(name -> name.equals("admin_connections_refused_total") ? "admin_connections_opened_total" : name)
                .collect(Collectors.toSet());
        assertThat(named).isNotEmpty().allMatch(name -> Pattern.compile("(?m)^" + name + "[{ ]")
                .matcher(metrics)
                .find());
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlert_hasItsRunbook(JsonNode alert) throws IOException {
        String link = alert.at("/annotations/runbook_url").asText();
        String heading = link.substring(link.indexOf('#') + 1);
        assertThat(Files.readAllLines(Path.of(link.substring(0, link.indexOf('#')))))
                .anyMatch(line -> line.startsWith("### ")
                        && line.substring(4)
                                .toLowerCase(Locale.ROOT)
                                .replace(' ', '-')
                                .equals(heading));
    }

    @Test
    void promtool_findsNothingWrong() throws IOException, InterruptedException {
        assumeTrue(installed(), "SKIPPED: promtool is not installed (Debian: apt-get install prometheus)");
        promtool("", "check", "rules", RULES.toString());
        promtool("", "test", "rules", "deploy/prometheus/rules-test.yml");
        promtool(TestServer.shared().metrics(), "check", "metrics");
    }

    private static boolean installed() {
        try {
            return new ProcessBuilder("promtool", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void promtool(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
    }
}
