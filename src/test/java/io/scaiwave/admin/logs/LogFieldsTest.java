package io.scaiwave.admin.logs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import co.elastic.logging.logback.EcsEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.bus.LogFields;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The lines of the log as JSON: who did what in which request stands in fields of its own. */
class LogFieldsTest {
    private static final TestServer SERVER = TestServer.shared();

    private final Logger access = (Logger) LoggerFactory.getLogger("access");
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final OutputStreamAppender<ILoggingEvent> json = new OutputStreamAppender<>();

    @BeforeEach
    void listen() {
        EcsEncoder encoder = new EcsEncoder();
        encoder.setContext(access.getLoggerContext());
        encoder.start();
        json.setContext(access.getLoggerContext());
        json.setEncoder(encoder);
        json.setOutputStream(written);
        json.start();
        access.addAppender(json);
    }

    @AfterEach
    void stop() {
        access.detachAppender(json);
    }

    private List<JsonNode> lines() {
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .map(LogFieldsTest::parsed)
                .toList();
    }

    private static JsonNode parsed(String line) {
        try {
            return Json.MAPPER.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }

    private JsonNode lineOf(String requestId) {
        return Wait.soon(
                        () -> lines().stream()
                                .filter(line ->
                                        line.path("http.request.id").asText().equals(requestId))
                                .toList(),
                        found -> !found.isEmpty())
                .get(0);
    }

    @Test
    void accessLine_hasTheFieldsOfItsRequest() {
        TestServer.Tenant tenant = SERVER.newTenant();
        String id = UUID.randomUUID().toString();
        Api.Reply reply = tenant.admin
                .with("X-Request-Id", id)
                .with("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .get("/v1/admin/ai-config");
        reply.expect(200);
        JsonNode line = lineOf(id);
        assertThat(line.path("@timestamp").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(line.path("event.action").asText()).isEqualTo("getAiConfig");
        assertThat(line.path("organization.id").asText()).isEqualTo(tenant.id);
        assertThat(line.path("user.id").asText()).isEqualTo("admin");
        assertThat(line.path("trace.id").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(line.path("http.request.method").asText()).isEqualTo("GET");
        assertThat(line.path("http.response.status_code").asText()).isEqualTo("200");
        assertThat(line.path("event.duration").asLong()).isPositive();
    }

    @Test
    void lineOfAStranger_namesNobody() {
        String id = UUID.randomUUID().toString();
        SERVER.anonymous().with("X-Request-Id", id).get("/v1/admin/ai-config").expect(401);
        JsonNode line = lineOf(id);
        assertThat(line.path("error.code").asText()).isEqualTo("SW_AUTH_INVALID_TOKEN");
        assertThat(line.has("user.id")).isFalse();
        assertThat(line.has("organization.id")).isFalse();
    }

    @Test
    void fields_areOneLineWhateverTheyHold_andThatLinesAlone() {
        String odd = "a\r\n{\"log.level\": \"ERROR\"}\u2028\u0085\"";
        new LogFields("none", "r").and("user.id", odd).with(() -> access.info("first {}", odd));
        access.info("second");
        assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
        List<JsonNode> ours = lines().stream()
                .filter(line -> line.path("message").asText().matches("(?s)(first|second).*"))
                .toList();
        assertThat(ours).hasSize(2);
        assertThat(ours.get(0).path("user.id").asText()).isEqualTo(odd);
        assertThat(ours.get(1).has("user.id")).isFalse();
    }

    @Test
    void json_isMadeByThisEncoder() throws IOException {
        assertThat(Files.readString(Path.of("conf/logback-json.xml"))).contains(EcsEncoder.class.getName());
    }
}
