package io.scaiwave.admin.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;

/** The refusals that all operations on a tenant share. */
public final class TenantRefusals {
    private static final long LONG_AGO_SECONDS = 3_600;

    private TenantRefusals() {}

    /** Each of them, for one operation; the tenant stays as it was. */
    public static void check(TestServer server, TestServer.Tenant tenant, String method, String path, String body) {
        int before = tenant.changeCount();
        long past = Instant.now().getEpochSecond() - LONG_AGO_SECONDS;
        Map<String, Object> admin = Map.of("role", "tenant_admin");
        refused(server.anonymous().send(method, path, body), 401, "SW_AUTH_INVALID_TOKEN");
        refused(
                tenant.as(Map.of("role", "tenant_admin", "exp", past)).send(method, path, body),
                401,
                "SW_AUTH_EXPIRED_TOKEN");
        Api stranger = server.as(Map.of("role", "tenant_admin", "tenant_id", TestServer.unique("nowhere")));
        refused(stranger.send(method, path, body), 404, "SW_TENANT_NOT_FOUND");
        refused(tenant.as(Map.of("role", "member")).send(method, path, body), 403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        TestServer.Tenant other = server.newTenant();
        Api across = other.as(admin).with("X-Tenant-Id", tenant.id);
        refused(across.send(method, path, body), 403, "SW_AUTH_TENANT_MISMATCH");
        Api otherPartner = other.partner.admin.with("X-Tenant-Id", tenant.id);
        refused(otherPartner.send(method, path, body), 403, "SW_AUTH_TENANT_MISMATCH");
        refused(tenant.partner.admin.send(method, path, body), 400, "SW_TENANT_REQUIRED");
        Api.Reply unknown = refused(tenant.admin.send(method, path + "?nonsense=1", body), 422, "SW_VALIDATION_FAILED");
        assertThat(unknown.fields()).containsExactly("nonsense");
        assertThat(tenant.changeCount()).isEqualTo(before);
    }

    private static Api.Reply refused(Api.Reply reply, int status, String code) {
        assertThat(reply.body().at("/error/request_id").asText()).isEqualTo(reply.header("X-Request-Id"));
        return reply.expect(status, code);
    }
}
