package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all operations of the contract share, walked through from the contract itself. */
class AllOperationsTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final TestServer.Tenant TENANT = SERVER.newTenant();

    private record Call(String id, String method, String path, boolean body, boolean etag, boolean fleet) {
        Api.Reply by(Api api, String query) {
            return api.send(method, path + query, body ? "{}" : null);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    static Stream<Call> calls() {
        return Contract.load().operations().values().stream()
                .map(operation -> new Call(
                        operation.id(),
                        operation.method(),
                        operation
                                .path()
                                .replace("{slug}", "scailar-pro")
                                .replace("{plugin_id}", "scaiwave.web")
                                .replace("{partner_id}", TENANT.partner.id),
                        operation.bodyPointer() != null,
                        operation.takes("header", "If-None-Match"),
                        operation.scope() == io.scaiwave.admin.auth.Callers.Scope.FLEET));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void withoutAToken_is401(Call call) {
        Api.Reply reply =
                call.by(SERVER.anonymous().with("X-Request-Id", "walk-401"), "").expect(401, "SW_AUTH_INVALID_TOKEN");
        assertThat(reply.header("X-Request-Id")).isEqualTo("walk-401");
        assertThat(reply.body().at("/error/request_id").asText()).isEqualTo("walk-401");
    }

    @ParameterizedTest
    @MethodSource("calls")
    void withoutAdminPermission_is403(Call call) {
        call.by(TENANT.as(Map.of("sub", "member", "roles", List.of("member"))), "")
                .expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aTenantAdmin_isKeptFromTheFleet(Call call) {
        int status = call.by(TENANT.admin, "?dry_run=true&nonsense=1").status();
        assertThat(status).isEqualTo(call.fleet ? 403 : 422);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void anUnknownParameter_is422AndNamed(Call call) {
        Api admin = call.fleet ? TENANT.partner.admin : TENANT.admin;
        assertThat(call.by(admin, "?nonsense=1")
                        .expect(422, "SW_VALIDATION_FAILED")
                        .fields())
                .contains("nonsense");
    }

    static Stream<Call> callsWithAnETag() {
        return calls().filter(call -> call.etag && call.method.equals("GET"));
    }

    @ParameterizedTest
    @MethodSource("callsWithAnETag")
    void aResourceWithAnETag_isNotSentTwice(Call call) {
        Api admin = call.fleet ? TENANT.partner.admin : TENANT.admin;
        String etag = call.by(admin, "").expect(200).header("ETag");
        assertThat(etag).matches("\"\\d+\"");
        for (String known : List.of(etag, "W/" + etag, "\"0\", " + etag, "*")) {
            Api.Reply second = call.by(admin.with("If-None-Match", known), "").expect(304);
            assertThat(second.text()).isEmpty();
            assertThat(second.header("ETag")).isEqualTo(etag);
        }
        call.by(admin.with("If-None-Match", "\"0\", W/\"x\""), "").expect(200);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void anotherMethod_is405WithAllow(Call call) {
        Api.Reply reply = TENANT.admin.send("DELETE", call.path, null).expect(405, "SW_METHOD_NOT_ALLOWED");
        assertThat(reply.header("Allow")).contains(call.method);
        assertThat(TENANT.admin.send("OPTIONS", call.path, null).expect(204).header("Allow"))
                .contains(call.method);
    }
}
