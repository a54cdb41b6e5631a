package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.auth.Callers;
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

    static Stream<Op> operations() {
        return Op.all();
    }

    /** An administrator who may call it. */
    private static Api admin(Op op) {
        return fleet(op) ? TENANT.partner.admin : TENANT.admin;
    }

    private static boolean fleet(Op op) {
        return op.contract().actsOn() == Callers.ActsOn.FLEET;
    }

    private static Api.Reply call(Api api, Op op, String query) {
        return api.send(op.method(), op.path(TENANT) + query, op.hasBody() ? "{}" : null);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void withoutAToken_is401(Op op) {
        Api.Reply reply = call(SERVER.anonymous().with("X-Request-Id", "walk-401"), op, "")
                .expect(401, "SW_AUTH_INVALID_TOKEN");
        assertThat(reply.header("X-Request-Id")).isEqualTo("walk-401");
        assertThat(reply.body().at("/error/request_id").asText()).isEqualTo("walk-401");
        assertForItsCallerAlone(reply);
    }

    /** No cache may hand it to another caller, tenant or media type. */
    private static void assertForItsCallerAlone(Api.Reply reply) {
        assertThat(reply.headers().allValues("Vary")).containsExactly("Authorization, X-Tenant-Id, Accept");
        assertThat(reply.headers().allValues("Cache-Control")).containsExactly("private, no-cache");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyReply_isForItsCallerAlone(Op op) {
        assertForItsCallerAlone(call(admin(op), op, ""));
        assertForItsCallerAlone(call(admin(op), op, "?nonsense=1").expect(422));
        assertForItsCallerAlone(call(TENANT.as(Map.of("sub", "member")), op, "").expect(403));
        assertForItsCallerAlone(admin(op).send("DELETE", op.path(TENANT), null).expect(405));
        assertForItsCallerAlone(admin(op).send("OPTIONS", op.path(TENANT), null).expect(204));
        assertForItsCallerAlone(admin(op).get("/v1/admin/nowhere").expect(404));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void withoutAdminPermission_is403(Op op) {
        call(TENANT.as(Map.of("sub", "member", "roles", List.of("member"))), op, "")
                .expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aTenantAdmin_isKeptFromTheFleet(Op op) {
        int status = call(TENANT.admin, op, "?dry_run=true&nonsense=1").status();
        assertThat(status).isEqualTo(fleet(op) ? 403 : 422);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void anUnknownParameter_is422AndNamed(Op op) {
        assertThat(call(admin(op), op, "?nonsense=1")
                        .expect(422, "SW_VALIDATION_FAILED")
                        .fields())
                .contains("nonsense");
    }

    static Stream<Op> withETag() {
        return Op.all().filter(op -> op.contract().reads() && op.contract().takes("header", "If-None-Match"));
    }

    @ParameterizedTest
    @MethodSource("withETag")
    void aResourceWithAnETag_isNotSentTwice(Op op) {
        Api admin = admin(op);
        String etag = call(admin, op, "").expect(200).header("ETag");
        assertThat(etag).matches("\"\\d+\\.[A-Za-z0-9_-]{12}\"");
        for (String known : List.of(etag, "W/" + etag, "\"0\", " + etag, "*")) {
            Api.Reply second = call(admin.with("If-None-Match", known), op, "").expect(304);
            assertThat(second.text()).isEmpty();
            assertThat(second.header("ETag")).isEqualTo(etag);
            assertForItsCallerAlone(second);
        }
        call(admin.with("If-None-Match", "\"0\", W/\"x\""), op, "").expect(200);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void anotherMethod_is405WithAllow(Op op) {
        Api.Reply reply = TENANT.admin.send("DELETE", op.path(TENANT), null).expect(405, "SW_METHOD_NOT_ALLOWED");
        assertThat(reply.header("Allow")).contains(op.method());
        assertThat(TENANT.admin
                        .send("OPTIONS", op.path(TENANT), null)
                        .expect(204)
                        .header("Allow"))
                .contains(op.method());
    }
}
