package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is refused too often is told to wait, before they cost anything, and nobody else is. */
class RefusalsTest {
    private static final int PER_MINUTE = 20;
    private static final String LIMITED = "SW_RATE_LIMIT_EXCEEDED";
    private static final String CONFIG = "/v1/admin/ai-config";
    private static final String PARTNERS = "/v1/admin/partners";

    private static TestServer server;

    private final TestServer.Tenant tenant = TestServer.shared().newTenant();

    @BeforeAll
    static void start() {
        server = TestServer.shared()
                .beside(Map.of(
                        "SCAIWAVE_TRUSTED_PROXIES",
                        "127.0.0.0/8",
                        "SCAIWAVE_BAD_TOKENS_PER_MINUTE",
                        Integer.toString(PER_MINUTE),
                        "SCAIWAVE_REFUSALS_PER_MINUTE",
                        Integer.toString(PER_MINUTE)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Api from(Api api, String address) {
        return api.with("X-Forwarded-For", address);
    }

    private Api admin(String sub) {
        return server.as(Map.of("sub", sub, "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
    }

    private static Api.Reply exhaust(Api api, String path, int status) {
        Api.Reply reply = api.get(path);
        for (int i = 0; i < PER_MINUTE * 2 && reply.status() == status; i++) {
            reply = api.get(path);
        }
        return reply;
    }

    private static void assertToldToWait(Api.Reply reply) {
        reply.expect(429, LIMITED);
        assertThat(Integer.parseInt(reply.header("Retry-After"))).isBetween(1, 1 + 60 / PER_MINUTE);
    }

    @Test
    void badTokens_ofOneAddressAreLimited_andNoGoodOneSuffers() {
        String address = "203.0.113.1";
        Api known = from(admin("known"), address);
        known.get(CONFIG).expect(200);
        assertToldToWait(exhaust(from(server.anonymous().withToken("no.such.token"), address), CONFIG, 401));
        from(server.anonymous(), address).get(CONFIG).expect(429, LIMITED);
        Api unknown = from(admin("unknown"), address);
        unknown.get(CONFIG).expect(429, LIMITED);
        for (int i = 0; i < PER_MINUTE * 2; i++) {
            known.get(CONFIG).expect(200);
        }
        from(unknown, "203.0.113.2").get(CONFIG).expect(200);
        from(server.anonymous(), "203.0.113.2").get(CONFIG).expect(401);
        Api another = from(admin("another"), address);
        assertThat(Wait.soon(() -> another.get(CONFIG).status(), status -> status != 429))
                .as("a trickle is let through")
                .isEqualTo(200);
    }

    @Test
    void goodTokens_takeNothingFromTheirAddress() {
        for (int i = 0; i < PER_MINUTE * 2; i++) {
            from(admin("colleague-" + i), "203.0.113.3").get(CONFIG).expect(200);
        }
        from(server.anonymous(), "203.0.113.3").get(CONFIG).expect(401);
    }

    @Test
    void anAddressOfIPv6_isItsNetwork() {
        assertToldToWait(exhaust(from(server.anonymous(), "2001:db8:1:2::1"), CONFIG, 401));
        from(server.anonymous(), "2001:db8:1:2:ffff::9").get(CONFIG).expect(429, LIMITED);
        from(server.anonymous(), "2001:db8:1:3::1").get(CONFIG).expect(401);
    }

    @Test
    void refusals_ofOneActorAreLimited_andThoseOfOthersAreNot() {
        Api member = server.as(Map.of("sub", TestServer.unique("member"), "tenant_id", tenant.scaiKeyId));
        assertToldToWait(exhaust(member, CONFIG, 403));
        member.get("/v1/admin/audit").expect(429, LIMITED);
        server.as(Map.of("sub", "colleague", "tenant_id", tenant.scaiKeyId))
                .get(CONFIG)
                .expect(403);
        admin("admin").get(CONFIG).expect(200);
        Wait.soon(() -> member.get(CONFIG).status() == 403);
    }

    @Test
    void whatIsNotFound_countsToo() {
        Api prober = server.as(Map.of(
                "sub", TestServer.unique("prober"), "role", "partner_admin", "partner_id", tenant.partner.scaiKeyId));
        assertToldToWait(exhaust(prober, PARTNERS + "/" + UUID.randomUUID(), 404));
        prober.get(PARTNERS).expect(429, LIMITED);
    }

    @Test
    void requestsThatSucceed_countForNothing() {
        Api admin = admin(TestServer.unique("busy"));
        for (int i = 0; i < PER_MINUTE * 3; i++) {
            admin.get(CONFIG).expect(200);
        }
    }
}
