package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every reply has, whatever was asked. */
class ConventionsTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final String ENABLE = "/v1/admin/models/scailar-pro/enable";
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private TestServer.Tenant tenant;

    @BeforeEach
    void makeTenant() {
        tenant = SERVER.newTenant();
    }

    private String authorization() {
        String jwt = SERVER.platform()
                .scaiKey()
                .es256Token(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
        return "Authorization: Bearer " + jwt + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"req-7f3a9d05", "a", "A.b_c:d-e", "0123456789012345678901234567890123456789"})
    void requestId_isTakenEchoedAndKept(String id) {
        Api.Reply reply = tenant.admin.with("X-Request-Id", id).post(ENABLE).expect(200);
        assertThat(reply.header("X-Request-Id")).isEqualTo(id);
        assertThat(tenant.audited("model.enable").path("request_id").asText()).isEqualTo(id);
    }

    @Test
    void requestId_ofTheGreatestLengthIsTaken() {
        String longest = "x".repeat(128);
        assertThat(tenant.admin.with("X-Request-Id", longest).get(AI_CONFIG).header("X-Request-Id"))
                .isEqualTo(longest);
        assertThat(tenant.admin
                        .with("X-Request-Id", longest + "x")
                        .get(AI_CONFIG)
                        .expect(200)
                        .header("X-Request-Id"))
                .matches(UUID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "ends$", "<script>", "a/b", "a\"b", "%0d%0aX: y", "ünï", "a,b"})
    void requestId_thatIsMalformedIsReplaced(String id) {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            String headers = authorization() + "X-Request-Id: " + id + "\r\n";
            RawConnection.Reply reply = connection.exchange("GET", AI_CONFIG, headers);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers().get("x-request-id")).matches(UUID);
        }
    }

    @Test
    void requestId_isMadeAnewForEachRequest() {
        String first = tenant.admin.post(ENABLE).expect(200).header("X-Request-Id");
        assertThat(first).matches(UUID);
        assertThat(tenant.audited("model.enable").path("request_id").asText()).isEqualTo(first);
        assertThat(tenant.admin.get(AI_CONFIG).header("X-Request-Id"))
                .matches(UUID)
                .isNotEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/admin/ai-config?x=1, 422",
        "GET, /v1/admin/nothing, 404",
        "GET, /nothing, 404",
        "DELETE, /v1/admin/ai-config, 405",
        "OPTIONS, /v1/admin/ai-config, 204",
        "PUT, /v1/admin/ai-config, 422",
        "POST, /v1/admin/models/no-such/enable, 404",
        "POST, /v1/admin/tenants, 403",
        "GET, /v1/admin/%zz, 400",
        "GET, /v1/admin/ai-config?q=%zz, 400"
    })
    void requestId_isEchoedOnRefusals(String method, String target, int status) {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            String headers = authorization() + "X-Request-Id: refused-1\r\nContent-Length: 0\r\n";
            RawConnection.Reply reply = connection.exchange(method, target, headers);
            assertThat(reply.status()).as(reply.body()).isEqualTo(status);
            assertThat(reply.headers()).containsEntry("x-request-id", "refused-1");
            if (status != 204) {
                assertThat(reply.headers()).containsEntry("content-type", "application/json");
                assertThat(reply.json().at("/error/request_id").asText()).isEqualTo("refused-1");
                assertThat(reply.code()).startsWith("SW_");
                assertThat(reply.json().at("/error/message").asText()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health/live",
                "/health",
                "/metrics",
                "/openapi.yaml",
                "/openapi.json",
                "/docs",
                "/docs/assets/swagger-ui.css"
            })
    void requestId_isEchoedOnOperationsRoutes(String path) {
        assertThat(SERVER.anonymous()
                        .with("X-Request-Id", "o-1")
                        .get(path)
                        .expect(200)
                        .header("X-Request-Id"))
                .isEqualTo("o-1");
    }

    @Test
    void requestId_isEchoedToStrangersAndOn304() {
        Api stranger = SERVER.anonymous().with("X-Request-Id", "s-1");
        assertThat(stranger.get(AI_CONFIG).expect(401).header("X-Request-Id")).isEqualTo("s-1");
        Api reader = tenant.admin.with("X-Request-Id", "s-2");
        String etag = reader.get(AI_CONFIG).header("ETag");
        assertThat(reader.with("If-None-Match", etag).get(AI_CONFIG).expect(304).header("X-Request-Id"))
                .isEqualTo("s-2");
    }

    @Test
    void envelope_hasDataAndMetaAndNothingElse() {
        assertThat(members(tenant.admin.get(AI_CONFIG).body())).containsExactly("data");
        for (String list : List.of("/v1/admin/models/catalog", "/v1/admin/audit")) {
            Api.Reply reply = tenant.admin.get(list).expect(200);
            assertThat(members(reply.body())).containsExactly("data", "meta");
            assertThat(reply.data().isArray()).isTrue();
        }
        assertThat(members(SERVER.anonymous().get(AI_CONFIG).body())).containsExactly("error");
    }

    private static List<String> members(JsonNode body) {
        return body.propertyStream().map(Map.Entry::getKey).toList();
    }

    @Test
    void times_areInUtc() {
        String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
        tenant.admin.post(ENABLE).expect(200);
        assertThat(tenant.audited("model.enable").path("created_at").asText()).matches(time);
        assertThat(tenant.admin.get(AI_CONFIG).data().path("updated_at").asText())
                .matches(time);
        assertThat(tenant.admin
                        .get("/v1/admin/models/catalog")
                        .meta()
                        .path("as_of")
                        .asText())
                .matches(time);
        JsonNode partner = tenant.partner
                .admin
                .get("/v1/admin/partners/" + tenant.partner.id)
                .data();
        assertThat(List.of(
                        partner.path("created_at").asText(),
                        partner.path("updated_at").asText()))
                .allMatch(at -> at.matches(time));
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /v1/admin/ai-config, true, 415",
        "PUT, /v1/admin/ai-config, false, 401",
        "POST, /v1/admin/tenants, true, 403",
        "PUT, /v1/admin/nothing, true, 404",
        "DELETE, /v1/admin/ai-config, true, 405",
        "POST, /v1/admin/models/scailar-pro/enable, true, 422"
    })
    void aConnection_goesOnAfterARefusalWhoseBodyWasNotRead(String method, String target, boolean known, int status) {
        String body = "x".repeat(100_000);
        String headers = (known ? authorization() : "") + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            assertThat(connection.exchange(method, target, headers).status()).isEqualTo(status);
            assertThat(connection.exchange("GET", AI_CONFIG, authorization()).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aConnection_answersPipelinedRequestsInOrder() {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            String head = " HTTP/1.1\r\nHost: x\r\n" + authorization();
            connection.write("GET " + AI_CONFIG + head + "\r\nGET /v1/admin/nothing" + head + "\r\nGET " + AI_CONFIG
                    + head + "\r\n");
            assertThat(connection.read(false).status()).isEqualTo(200);
            assertThat(connection.read(false).status()).isEqualTo(404);
            assertThat(connection.read(false).status()).isEqualTo(200);
        }
    }

    @Test
    void userAgent_isKeptUpToALength() {
        tenant.admin.with("User-Agent", "console/4.2 (test)").post(ENABLE).expect(200);
        assertThat(tenant.audited("model.enable").path("user_agent").asText()).isEqualTo("console/4.2 (test)");
        tenant.admin
                .with("User-Agent", "u".repeat(2000))
                .post(ENABLE.replace("enable", "disable"))
                .expect(200);
        assertThat(tenant.audited("model.disable").path("user_agent").asText()).isEqualTo("u".repeat(512));
    }

    @Test
    void userAgent_isNullWhenNoneWasSent() {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            assertThat(connection
                            .exchange("POST", ENABLE, authorization() + "Content-Length: 0\r\n")
                            .status())
                    .isEqualTo(200);
        }
        assertThat(tenant.audited("model.enable").path("user_agent").isNull()).isTrue();
    }
}
