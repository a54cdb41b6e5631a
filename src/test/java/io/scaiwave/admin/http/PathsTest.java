package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths as an attacker writes them: what is validated is what is used, and what is used is what is on record. */
class PathsTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final String VOXTRAL = "mistralai/voxtral-small-latest";

    private RawConnection connection;
    private TestServer.Tenant tenant;
    private String token;

    @BeforeEach
    void connect() {
        connection = new RawConnection(SERVER.port());
        tenant = SERVER.newTenant();
        String jwt = SERVER.platform()
                .scaiKey()
                .es256Token(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
        token = "Authorization: Bearer " + jwt + "\r\n";
    }

    @AfterEach
    void disconnect() {
        connection.close();
    }

    private RawConnection.Reply send(String method, String target) {
        String length = method.equals("POST") || method.equals("PUT") ? "Content-Length: 0\r\n" : "";
        return connection.exchange(method, target, token + length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/admin/models/mistralai/voxtral-small-latest/enable",
                "/v1/admin/models/mistralai%2Fvoxtral-small-latest/enable",
                "/v1/admin/models/mistralai%2fvoxtral-small-latest/enable",
                "/v1/admin/models/%6Distralai/voxtral%2Dsmall-latest/enable",
                "/v1/admin/models/mistralai/voxtral-small-latest/%65nable",
                "/v1/admin/models//mistralai///voxtral-small-latest//enable",
                "//v1//admin/models/mistralai/voxtral-small-latest/enable",
                "/v1/admin/models/./mistralai/./voxtral-small-latest/./enable",
                "/v1/admin/models/scailar-pro/../mistralai/voxtral-small-latest/enable",
                "/v1/admin/models/scailar-pro/%2e%2e/mistralai/voxtral-small-latest/enable",
                "/v1/admin/models/scailar-pro/.%2E/mistralai/%2e/voxtral-small-latest/enable",
                "/v1/admin/models/scailar-pro/enable/../../mistralai/voxtral-small-latest/enable",
                "/v1/admin/tenants/../models/mistralai/voxtral-small-latest/enable",
                "/../../v1/admin/models/mistralai/voxtral-small-latest/enable",
                "/v1/admin/models/mistralai/voxtral-small-latest/enable?",
                "http://elsewhere.example/v1/admin/models/mistralai/voxtral-small-latest/enable"
            })
    void aPathThatMeansAModelEnablesThatModel(String target) {
        RawConnection.Reply reply = send("POST", target);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.json().at("/data/slug").asText()).isEqualTo(VOXTRAL);
        assertThat(tenant.audited("model.enable").path("resource_id").asText()).isEqualTo(VOXTRAL);
        assertThat(tenant.admin.get("/v1/admin/ai-config").data().path("enabled_models"))
                .extracting(slug -> slug.asText())
                .containsExactly(VOXTRAL);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/admin/models/mistralai%2F%2Fvoxtral-small-latest/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/x%2F..%2Fmistralai%2Fvoxtral-small-latest/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/mistralai%2F.%2Fvoxtral-small-latest/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/..%2Fscailar-pro/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/%2Fscailar-pro/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/scailar-pro%2F/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/%2F/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/mistralai%252Fvoxtral-small-latest/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/%252e%252e/scailar-pro/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/mistralai%5Cvoxtral-small-latest/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/scailar-pro%00/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/scailar-pro%0A/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/scailar-pro%20/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/scailar-pro;x=1/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/scailar-pro%3Fx/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/scailar-pro%23/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/...%2Fscailar-pro/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/scailar+pro/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/SCAILAR-PRO/enable, 404, SW_MODEL_NOT_FOUND",
        "/v1/admin/models/%zz/enable, 400, SW_BAD_REQUEST",
        "/v1/admin/models/scailar-pro%/enable, 400, SW_BAD_REQUEST",
        "/v1/admin/models/scailar-pro%2/enable, 400, SW_BAD_REQUEST",
        "/v1/admin/models/enable, 404, SW_NOT_FOUND",
        "/v1/admin/models//enable, 404, SW_NOT_FOUND",
        "/v1/admin/models/x/../enable, 404, SW_NOT_FOUND",
        "/v1/admin/models/scailar-pro/enable/, 404, SW_NOT_FOUND",
        "/v1/admin/models/scailar-pro/enable/.., 404, SW_NOT_FOUND",
        "/v1/admin/models/scailar-pro/enable%2F, 404, SW_NOT_FOUND",
        "/v1/admin/models/scailar-pro%2Fenable, 404, SW_NOT_FOUND",
        "/v1/admin%2Fmodels/scailar-pro/enable, 404, SW_NOT_FOUND",
        "/V1/admin/models/scailar-pro/enable, 404, SW_NOT_FOUND",
        "/v1/admin/models/scailar-pro/ENABLE, 404, SW_NOT_FOUND",
        "/v1/admin/models/scailar-pro, 404, SW_NOT_FOUND",
        "/v1/admin/nothing, 404, SW_NOT_FOUND",
        "/nothing, 404, SW_NOT_FOUND",
        "/, 404, SW_NOT_FOUND"
    })
    void anyOtherPathChangesNothing(String target, int status, String code) {
        RawConnection.Reply reply = send("POST", target);
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.headers()).containsKey("x-request-id");
        assertThat(tenant.auditCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/admin/partners/{}/, 404",
        "/v1/admin/partners/{}%2F, 404",
        "/v1/admin/partners/%20{}, 404",
        "/v1/admin/partners/x/../{}, 200",
        "/v1/admin/partners//{}, 200",
        "/v1/admin/partners/{}%0A, 404",
        "/v1/admin/partners/{}/x, 404",
        "/v1/admin/partners/%zz{}, 400"
    })
    void aPartnersPathIsReadOneWay(String target, int status) {
        String jwt = SERVER.platform().scaiKey().es256Token(Map.of("sub", "root", "role", "super_admin"));
        RawConnection.Reply reply = connection.exchange(
                "GET", target.replace("{}", tenant.partner.id), "Authorization: Bearer " + jwt + "\r\n");
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        if (status == 200) {
            assertThat(reply.json().at("/data/id").asText()).isEqualTo(tenant.partner.id);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE | /v1/admin/ai-config | GET, HEAD, OPTIONS, PUT",
                "PATCH | /v1/admin/ai-config | GET, HEAD, OPTIONS, PUT",
                "POST | /v1/admin/ai-config | GET, HEAD, OPTIONS, PUT",
                "POST | /v1/admin/models/catalog | GET, HEAD, OPTIONS",
                "GET | /v1/admin/models/mistralai/voxtral-small-latest/enable | OPTIONS, POST",
                "GET | /v1/admin/models/mistralai%2Fvoxtral-small-latest/enable | OPTIONS, POST",
                "HEAD | /v1/admin/models/scailar-pro/disable | OPTIONS, POST",
                "POST | /v1/admin/models/scailar-pro/participant | OPTIONS, PUT",
                "GET | /v1/admin/tenants | OPTIONS, POST",
                "PUT | /v1/admin/partners | GET, HEAD, OPTIONS, POST",
                "DELETE | /v1/admin/partners/0198c0de-0000-7000-8000-000000000000 | GET, HEAD, OPTIONS, PUT",
                "PUT | /v1/admin/audit | GET, HEAD, OPTIONS",
                "POST | /health | GET, HEAD",
                "OPTIONS | /metrics | GET, HEAD",
                "PUT | /openapi.yaml | GET, HEAD"
            })
    void anotherMethodIsRefusedWithThoseThatAreAllowed(String method, String target, String allowed) {
        RawConnection.Reply reply = send(method, target);
        assertThat(reply.status()).as(reply.body()).isEqualTo(405);
        assertThat(reply.headers()).containsEntry("allow", allowed).containsKey("x-request-id");
        if (!method.equals("HEAD")) {
            assertThat(reply.code()).isEqualTo("SW_METHOD_NOT_ALLOWED");
        }
        assertThat(tenant.auditCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/admin/ai-config | GET, HEAD, OPTIONS, PUT",
                "/v1/admin/models/mistralai/voxtral-small-latest/enable | OPTIONS, POST",
                "/v1/admin/audit?limit=1 | GET, HEAD, OPTIONS",
                "/v1/admin/tenants | OPTIONS, POST"
            })
    void options_saysWhichMethodsThereAre(String target, String allowed) {
        RawConnection.Reply reply = connection.exchange("OPTIONS", target, "");
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.headers()).containsEntry("allow", allowed).containsKey("x-request-id");
    }

    @Test
    void options_isNotFoundWhereThereIsNothing() {
        assertThat(connection.exchange("OPTIONS", "/v1/admin/nothing", "").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/admin/ai-config",
                "/v1/admin/models/catalog?limit=2",
                "/health/live",
                "/openapi.yaml",
                "/docs"
            })
    void head_answersLikeGetWithoutTheBody(String target) {
        RawConnection.Reply get = send("GET", target);
        RawConnection.Reply head = send("HEAD", target);
        assertThat(get.status()).isEqualTo(200);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers().get("content-type")).isEqualTo(get.headers().get("content-type"));
        assertThat(head.headers().get("etag")).isEqualTo(get.headers().get("etag"));
        assertThat(send("GET", "/health/live").status())
                .as("the connection is still in step")
                .isEqualTo(200);
    }

    @Test
    void head_refusesAsGetDoes() {
        assertThat(connection.exchange("HEAD", "/v1/admin/ai-config", "").status())
                .isEqualTo(401);
        assertThat(send("HEAD", "/v1/admin/nothing").status()).isEqualTo(404);
        assertThat(send("HEAD", "/v1/admin/ai-config?x=1").status()).isEqualTo(422);
    }

    @Test
    void aLongSlugNamesNothing() {
        for (String slug : List.of("a".repeat(257), "a/".repeat(1_900) + "a", "a/".repeat(8) + "a")) {
            tenant.admin.post("/v1/admin/models/" + slug + "/enable").expect(404, "SW_MODEL_NOT_FOUND");
        }
    }

    @Test
    void aVeryLongUrlIsRefused() {
        assertThat(send("GET", "/v1/admin/audit?action=" + "a".repeat(100_000)).status())
                .isBetween(400, 499);
    }

    @Test
    void aVeryLongHeaderIsRefused() {
        String header = token + "X-Long: " + "a".repeat(100_000) + "\r\n";
        assertThat(connection.exchange("GET", "/v1/admin/audit", header).status())
                .isBetween(400, 499);
    }
}
