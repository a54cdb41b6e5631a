package io.scaiwave.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The alerts and the dashboard name metrics that there are and the alerts runbooks that are written; both are of PromQL. */
class AlertsTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final Path RULES = Path.of("deploy/prometheus/rules.yml");
    private static final Path DASHBOARD = Path.of("deploy/grafana/scaiwave-admin.json");
    private static final Pattern METRIC = Pattern.compile(
            "\\b(?:http|vertx|kafka|audit|activity|admin|scaikey|scaigrid|scaiwave|log|process|jvm)_[a-z_]+");

    private static List<JsonNode> alerts() throws IOException {
        JsonNode rules = new ObjectMapper(new YAMLFactory())
                .readTree(Files.readString(RULES))
                .at("/groups/0/rules");
        return rules.valueStream().toList();
    }

    /** The queries of the dashboard, of its panels and its variables. */
    private static List<String> queries() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DASHBOARD));
        List<String> queries = new ArrayList<>(dashboard.path("panels").findValuesAsText("expr"));
        dashboard
                .at("/templating/list")
                .valueStream()
                .map(variable -> variable.at("/query/query").asText())
                .filter(query -> query.startsWith("label_values"))
                .forEach(queries::add);
        return queries;
    }

    @BeforeAll
    static void traffic() {
        SERVER.newTenant().admin.get("/v1/admin/models/catalog").expect(200);
        SERVER.anonymous().get("/v1/admin/ai-config").expect(401);
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlert_namesMetricsThatThereAre(JsonNode alert) {
        namesMetricsThatThereAre(alert.path("expr").asText());
    }

    @ParameterizedTest
    @MethodSource("queries")
    void aQueryOfTheDashboard_namesMetricsThatThereAre(String query) {
        namesMetricsThatThereAre(query);
    }

    private static void namesMetricsThatThereAre(String query) {
        String metrics = SERVER.metrics();
        Set<String> named =
                METRIC.matcher(query).results().map(MatchResult::group).collect(Collectors.toSet());
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
        promtool(SERVER.metrics(), "check", "metrics");
    }

    /** Each query as a rule, because that is what promtool reads. */
    @Test
    void dashboard_isOfPromQl(@TempDir Path directory) throws IOException, InterruptedException {
        assumeTrue(installed(), "SKIPPED: promtool is not installed (Debian: apt-get install prometheus)");
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        ObjectNode group = yaml.createObjectNode().put("name", "dashboard");
        ArrayNode rules = group.putArray("rules");
        for (String query : queries()) {
            if (!query.startsWith("label_values")) {
                String expr = query.replace("$__rate_interval", "5m");
                rules.addObject().put("record", "dashboard:" + rules.size()).put("expr", expr);
            }
        }
        assertThat(rules).isNotEmpty();
        Path file = directory.resolve("dashboard.yml");
        yaml.writeValue(file.toFile(), Map.of("groups", List.of(group)));
        promtool("", "check", "rules", file.toString());
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
