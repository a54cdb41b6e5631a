package io.scaiwave.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The metrics are those of the table in docs/operations.md, and no client can make more of them. */
class MetricsTest {
    private static final Path DOCS = Path.of("docs/operations.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ((?:`[a-z_*]+`(?:, )?)+) \\|");
    private static final Pattern NAME = Pattern.compile("`([a-z_*]+)`");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) ");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** What the labels may say; those that are missing here name parts of the JVM. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("status", "[1-5][0-9]{2}"),
            Map.entry("code", "[1-5][0-9]{2}"),
            Map.entry("error_type", "SW_[A-Z_]+"),
            Map.entry("method", "GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS|CONNECT|TRACE|other"),
            Map.entry("le", "[0-9.E-]+|\\+Inf"),
            Map.entry("reason", "[a-z]+"),
            Map.entry("client", "audit|activity"),
            Map.entry("pool_type", "sql|http|worker"),
            Map.entry(
                    "pool_name",
                    "reads|writes|groups|queries|sessions|__vertx.DEFAULT|vert\\.x-[a-z-]+|127\\.0\\.0\\.1:\\d+"),
            Map.entry("version", "[\\w.+-]+"),
            Map.entry("revision", "[0-9a-f]+|unknown"));

    private static final Set<String> OF_THE_JVM = Set.of("area", "pool", "gc", "state", "runtime", "vendor");

    private static TestServer server;
    private static TestServer.Tenant tenant;

    @BeforeAll
    static void traffic() {
        server = TestServer.shared();
        tenant = server.newTenant();
        tenant.admin.get("/v1/admin/models/catalog").expect(200);
        tenant.changes(2);
        tenant.admin.get("/v1/admin/ai-config?x=1").expect(422);
        server.anonymous().get("/v1/admin/ai-config").expect(401);
        server.anonymous().get("/no/such/path").expect(404);
        server.settleWithKafka();
    }

    @Test
    void metrics_areThoseOfTheTable() throws IOException {
        String section = Files.readString(DOCS)
                .replaceFirst("(?s).*\n### The metrics", "")
                .replaceFirst("(?s)\n### .*", "");
        Set<String> documented = ROW.matcher(section)
                .results()
                .flatMap(row -> NAME.matcher(row.group(1)).results())
                .map(name -> name.group(1))
                .collect(Collectors.toSet());
        Set<String> unused = new TreeSet<>(documented);
        Set<String> undocumented = new TreeSet<>();
        for (String name : names(server.metrics())) {
            Set<String> rows = documented.stream()
                    .filter(row -> name.matches(row.replace("*", ".*")))
                    .collect(Collectors.toSet());
            unused.removeAll(rows);
            if (rows.isEmpty()) {
                undocumented.add(name);
            }
        }
        assertThat(undocumented).as("missing in %s", DOCS).isEmpty();
        assertThat(unused).as("documented, and not there").isEmpty();
    }

    private static Set<String> names(String metrics) {
        return TYPE.matcher(metrics)
                .results()
                .map((MatchResult type) -> type.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void metrics_haveAHelpEach() {
        String metrics = server.metrics();
        assertThat(names(metrics)).isNotEmpty().allSatisfy(name -> assertThat(metrics)
                .containsPattern("(?m)^# HELP " + name + " \\S.*"));
    }

    @Test
    void labels_haveValuesThatNoClientMakes() throws IOException {
        Set<String> operations = operations();
        String metrics = server.metrics();
        LABEL.matcher(metrics.replaceAll("(?m)^#.*$", "")).results().forEach(label -> {
            String name = label.group(1);
            String value = label.group(2);
            if (name.equals("operation")) {
                assertThat(operations).contains(value);
            } else if (!OF_THE_JVM.contains(name) && !metrics.contains("jvm_runtime_info{" + label.group())) {
                assertThat(VALUES).containsKey(name);
                assertThat(value).as(name).matches(VALUES.get(name));
            }
        });
        assertThat(metrics).doesNotContain(tenant.id, tenant.scaiKeyId, "/v1/", "/no/such");
    }

    private static Set<String> operations() throws IOException {
        Set<String> operations = new HashSet<>(new ObjectMapper(new YAMLFactory())
                .readTree(Files.readAllBytes(Path.of("openapi.yaml")))
                .findValuesAsText("operationId"));
        operations.add("none");
        return operations;
    }

    @Test
    void errors_areCountedByTheirCode() {
        assertThat(server.metrics())
                .containsPattern("http_server_errors_total\\{error_type=\"SW_AUTH_INVALID_TOKEN\"} [1-9]")
                .containsPattern("http_server_errors_total\\{error_type=\"SW_NOT_FOUND\"} [1-9]");
    }

    @Test
    void node_saysWhatItHoldsAndHowWellItKeepsUp() {
        assertThat(server.metric("audit_shards_held")).isPositive();
        assertThat(server.metric("audit_chains_forked")).isZero();
        Wait.soon(() -> server.metric("audit_checkpoint_age_seconds") < 2);
        Wait.soon(() -> server.metric("kafka_producer_records_sent_total") > 0);
        Wait.soon(() -> server.metric("kafka_consumer_connections") > 0);
        assertThat(server.metric("scaikey_keys")).isPositive();
        assertThat(server.metric("vertx_http_server_active_requests")).isPositive();
    }

    @Test
    void checkpoints_growOldWhileKafkaIsAway() {
        TestServer mistreated = TestServer.mistreated();
        Wait.soon(() -> mistreated.metric("audit_checkpoint_age_seconds") < 1);
        mistreated.newTenant().changes(1);
        mistreated.settleWithKafka();
        mistreated.platform().kafka().stop();
        mistreated.newTenant().changes(1);
        Wait.soon(() -> mistreated.metric("audit_checkpoint_age_seconds") > 3);
        mistreated.platform().kafka().startAgain();
        Wait.soon(() -> mistreated.metric("audit_checkpoint_age_seconds") < 1);
    }
}
