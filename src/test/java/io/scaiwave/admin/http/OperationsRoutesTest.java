package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsRoutesTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

    private static final Map<String, String> KINDS = Map.of(
            "css",
            "css",
            "js",
            "javascript",
            "png",
            "image/png",
            "yaml",
            "application/yaml",
            "json",
            "application/json");

    private RawConnection connection;

    @BeforeEach
    void connect() {
        connection = new RawConnection(SERVER.port());
    }

    @AfterEach
    void disconnect() {
        connection.close();
    }

    private RawConnection.Reply get(String path) {
        RawConnection.Reply reply = connection.exchange("GET", path, "");
        assertThat(reply.status()).as("%s: %s", path, reply.body()).isEqualTo(200);
        return reply;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/live", "/health/ready", "/health"})
    void health_isUpWithoutAToken(String path) {
        Api.Reply reply = SERVER.anonymous().get(path).expect(200);
        assertThat(reply.body().path("status").asText()).isEqualTo("UP");
    }

    @Test
    void health_namesWhatItChecked() {
        JsonNode checks = SERVER.anonymous().get("/health/ready").body().path("checks");
        assertThat(checks.findValuesAsText("id")).containsExactlyInAnyOrder("server", "database", "scaikey", "audit");
        assertThat(checks.toString()).contains("\"state\":\"ok\"");
    }

    @Test
    void metrics_countRequestsByOperationAndStatus() {
        TestServer.Tenant tenant = SERVER.newTenant();
        tenant.admin.get("/v1/admin/ai-config").expect(200);
        tenant.admin.get("/v1/admin/ai-config?x=1").expect(422);
        SERVER.anonymous().get("/v1/admin/nothing").expect(404);
        RawConnection.Reply reply = get("/metrics");
        assertThat(reply.headers().get("content-type")).startsWith("text/plain");
        assertThat(reply.body())
                .containsPattern(
                        "http_server_request_duration_seconds_count\\{operation=\"getAiConfig\",status=\"200\"[^}]*} [1-9]")
                .containsPattern(
                        "http_server_request_duration_seconds_count\\{operation=\"getAiConfig\",status=\"422\"[^}]*} [1-9]")
                .containsPattern(
                        "http_server_request_duration_seconds_count\\{operation=\"none\",status=\"404\"[^}]*} [1-9]")
                .doesNotContain(tenant.id, tenant.scaiKeyId);
    }

    @Test
    void contract_isPublishedAsItIsWritten() throws IOException {
        try (InputStream in = OperationsRoutesTest.class.getResourceAsStream("/openapi.yaml")) {
            String file = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(get("/openapi.yaml").body()).isEqualTo(file);
            assertThat(get("/openapi.yaml").headers().get("content-type")).isEqualTo("application/yaml");
            JsonNode written = new ObjectMapper(new YAMLFactory()).readTree(file);
            assertThat(get("/openapi.json").json()).isEqualTo(written);
            assertThat(written.path("paths").size()).isPositive();
        }
    }

    @Test
    void eventContract_isPublishedAsItIsWritten() throws IOException {
        RawConnection.Reply reply = get("/asyncapi.yaml");
        assertThat(reply.headers().get("content-type")).isEqualTo("application/yaml");
        assertThat(reply.body()).isEqualTo(Files.readString(Path.of("asyncapi.yaml")));
        RawConnection.Reply json = get("/asyncapi.json");
        assertThat(json.headers().get("content-type")).isEqualTo("application/json");
        assertThat(json.json()).isEqualTo(new ObjectMapper(new YAMLFactory()).readTree(reply.body()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/docs/events"})
    void docs_loadWithAllThatTheyLinkTo(String path) {
        RawConnection.Reply page = get(path);
        assertThat(page.headers().get("content-type")).startsWith("text/html");
        List<String> links = LINK.matcher(page.body())
                .results()
                .map((MatchResult link) -> link.group(1))
                .toList();
        assertThat(links).hasSizeGreaterThanOrEqualTo(6).noneMatch(link -> link.startsWith("/"));
        for (String link : links) {
            RawConnection.Reply asset = get(URI.create(path).resolve(link).toString());
            assertThat(asset.body()).as(link).isNotBlank();
            String kind = KINDS.getOrDefault(link.replaceAll(".*[.]", ""), "text/html");
            assertThat(asset.headers().get("content-type")).as(link).contains(kind);
        }
        assertThat(page.body()).contains("<main id=\"").contains("rel=\"icon\"");
    }

    @Test
    void docs_readTheContractsBesideThem() {
        assertThat(get("/docs/start.js").body()).contains("fetch('openapi.json')", "'#reference'", "spec.servers");
        assertThat(get("/docs/events.js").body())
                .contains("fetch('../asyncapi.json')", "getElementById('events')")
                .doesNotContain("innerHTML", "eval(");
    }

    @ParameterizedTest
    @CsvSource({"/docs/, /docs", "/docs/events/, /docs/events"})
    void docs_withASlashMoveToWhereTheirLinksHold(String path, String address) {
        RawConnection.Reply reply = connection.exchange("GET", path, "");
        assertThat(reply.status()).isEqualTo(308);
        assertThat(URI.create(path).resolve(reply.headers().get("location"))).hasToString(address);
    }

    @ParameterizedTest
    @CsvSource({
        "/docs/assets/no-such-file.js",
        "/docs/assets/../../../../openapi.yaml.x",
        "/docs/assets/..%2F..%2F..%2F..%2Fconf/server.yaml",
        "/docs/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/conf/server.yaml",
        "/docs/assets/..%5C..%5Cconf%5Cserver.yaml",
        "/docs/assets//etc/passwd",
        "/conf/server.yaml",
        "/db/V1__audit.sql",
        "/docs.html",
        "/docs.js",
        "/docs-events.html",
        "/docs-events.js"
    })
    void nothingElseIsServed(String path) {
        RawConnection.Reply reply = connection.exchange("GET", path, "");
        assertThat(reply.status()).as(reply.body()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("SW_NOT_FOUND");
    }
}
