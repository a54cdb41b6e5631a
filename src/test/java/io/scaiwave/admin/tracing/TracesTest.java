package io.scaiwave.admin.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.ServerProcess;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import io.scaiwave.admin.tracing.SpanReceiver.Kind;
import io.scaiwave.admin.tracing.SpanReceiver.Received;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One trace from the request over the bus and PostgreSQL to Kafka. */
class TracesTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
    private static final String DELAY = "otel.bsp.schedule.delay";

    private final SpanReceiver receiver = new SpanReceiver();

    @AfterEach
    void stop() {
        receiver.close();
        System.clearProperty(ENDPOINT);
        System.clearProperty(DELAY);
    }

    @Test
    void aChange_isOneTrace_fromHttpToKafka() {
        System.setProperty(ENDPOINT, receiver.url());
        System.setProperty(DELAY, "100");
        try (TestServer server = TestServer.alone(Map.of("SCAIWAVE_TRACING_ENABLED", "true"))) {
            TestServer.Tenant tenant = server.newTenant();
            TestServer.change(tenant.admin.with("traceparent", "00-" + TRACE + "-" + CALLER + "-01"), "not-to-be-seen")
                    .expect(200);
            Received sent = span(Kind.PRODUCER, "send scaiwave.admin.audit.v1");
            Received served = span(Kind.SERVER, "updateAiConfig");
            assertThat(served.parent()).isEqualTo(CALLER);
            assertThat(served.text()).contains("http.route", "/v1/admin/ai-config");
            assertThat(sent.parent()).isEqualTo(served.id());
            Received asked = span(Kind.CLIENT, "send");
            assertThat(asked.parent()).isEqualTo(served.id());
            Received answered = span(Kind.SERVER, "send");
            assertThat(answered.parent()).isEqualTo(asked.id());
            assertThat(answered.text()).contains("updateAiConfig");
            assertThat(receiver.of(TRACE))
                    .anyMatch(span -> span.parent().equals(answered.id())
                            && span.kind() == Kind.CLIENT
                            && span.text().contains("INSERT INTO audit_outbox"));
            assertThat(receiver.of(TRACE)).noneMatch(span -> span.text().contains("not-to-be-seen"));
            assertThat(published(server, tenant).path("traceparent").asText())
                    .isEqualTo("00-" + TRACE + "-" + served.id() + "-01");
        }
    }

    private Received span(Kind kind, String name) {
        return Wait.soon(
                        () -> receiver.of(TRACE).stream()
                                .filter(span ->
                                        span.kind() == kind && span.name().equals(name))
                                .toList(),
                        found -> !found.isEmpty())
                .get(0);
    }

    private static JsonNode published(TestServer server, TestServer.Tenant tenant) {
        return AuditTopic.read(server.platform().kafka().bootstrapServers(), tenant.chain, 1, Duration.ofSeconds(20))
                .get(0)
                .value();
    }

    @Test
    void off_loadsNothingOfItsSdk(@TempDir Path directory) throws IOException {
        Path loaded = directory.resolve("classes.log");
        Map<String, String> environment =
                new HashMap<>(TestServer.shared().platform().environment());
        environment.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + loaded);
        try (ServerProcess process = ServerProcess.start(environment)) {
            process.api(Map.of()).get("/health/live").expect(200);
        }
        assertThat(Files.readAllLines(loaded))
                .anyMatch(line -> line.contains("io.scaiwave.admin.Server "))
                .noneMatch(line -> line.contains("io.opentelemetry.sdk") || line.contains("io.opentelemetry.exporter"));
    }
}
