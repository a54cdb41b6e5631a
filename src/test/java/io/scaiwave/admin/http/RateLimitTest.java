package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final int PER_MINUTE = 5;
    private static final String AI_CONFIG = "/v1/admin/ai-config";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.shared().beside(Map.of("SCAIWAVE_RATE_LIMIT_PER_MINUTE", Integer.toString(PER_MINUTE)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The set-up has a bucket of its own for each tenant, because fleet operations count for their caller. */
    private static Api root(String name) {
        return server.as(Map.of("sub", name, "role", "super_admin"));
    }

    private static Api newTenant(String name) {
        String body = "{\"slug\": \"%s\", \"name\": \"T\", \"scaikey_tenant_id\": \"%s\"}".formatted(name, name);
        root("maker of " + name).post("/v1/admin/tenants", body).expect(201);
        return server.as(Map.of("sub", "admin of " + name, "role", "tenant_admin", "tenant_id", name));
    }

    private static Api.Reply exhaust(Api api, String path) {
        Api.Reply reply = api.get(path);
        for (int i = 0; i < PER_MINUTE * 2 && reply.status() == 200; i++) {
            reply = api.get(path);
        }
        return reply;
    }

    @Test
    void headers_countDown() {
        Api tenant = newTenant("counted");
        for (int left = PER_MINUTE - 1; left >= 0; left--) {
            Api.Reply reply = tenant.get(AI_CONFIG).expect(200);
            assertThat(reply.header("RateLimit-Limit")).isEqualTo("5");
            assertThat(reply.header("RateLimit-Remaining")).isEqualTo(Integer.toString(left));
            assertThat(Integer.parseInt(reply.header("RateLimit-Reset"))).isBetween(1, 60);
        }
    }

    @Test
    void aTenantThatUsedItsMinuteIsRefusedAndToldWhenToComeBack() {
        Api tenant = newTenant("exhausted");
        Api.Reply refused = exhaust(tenant, AI_CONFIG).expect(429, "SW_RATE_LIMIT_EXCEEDED");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 60 / PER_MINUTE);
        assertThat(refused.header("RateLimit-Remaining")).isEqualTo("0");
        tenant.post("/v1/admin/models/scailar-pro/enable").expect(429, "SW_RATE_LIMIT_EXCEEDED");
        tenant.put(AI_CONFIG, "{").expect(429, "SW_RATE_LIMIT_EXCEEDED");
    }

    @Test
    void aTenantsCallersCountTogetherAndOtherTenantsApart() {
        Api tenant = newTenant("shared");
        Api colleague = server.as(Map.of("sub", "colleague", "role", "tenant_admin", "tenant_id", "shared"));
        Api other = newTenant("other");
        exhaust(tenant, AI_CONFIG).expect(429);
        colleague.get(AI_CONFIG).expect(429, "SW_RATE_LIMIT_EXCEEDED");
        other.get(AI_CONFIG).expect(200);
    }

    @Test
    void callersWithoutATenantCountEachForHimself() {
        exhaust(root("busy"), "/v1/admin/partners").expect(429, "SW_RATE_LIMIT_EXCEEDED");
        root("idle").get("/v1/admin/partners").expect(200);
    }

    @Test
    void refusedTokensTakeNothingFromATenant() {
        Api tenant = newTenant("attacked");
        for (int i = 0; i < PER_MINUTE * 2; i++) {
            tenant.withToken("no.such.token").get(AI_CONFIG).expect(401);
        }
        assertThat(tenant.get(AI_CONFIG).expect(200).header("RateLimit-Remaining"))
                .isEqualTo("4");
    }

    @Test
    void operationsRoutesAreNotLimited() {
        for (int i = 0; i < PER_MINUTE * 2; i++) {
            server.anonymous().get("/health/live").expect(200);
        }
    }

    @Test
    void aLimitOfZeroIsNone() {
        TestServer.Tenant tenant = TestServer.shared().newTenant();
        for (int i = 0; i < PER_MINUTE * 2; i++) {
            assertThat(tenant.admin.get(AI_CONFIG).expect(200).header("RateLimit-Limit"))
                    .isNull();
        }
    }
}
