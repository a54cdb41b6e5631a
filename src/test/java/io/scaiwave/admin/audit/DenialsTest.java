package io.scaiwave.admin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DenialsTest {
    private static final String AUDIT = "/v1/admin/audit";
    private static final String CONFIG = "/v1/admin/ai-config";
    private static final String FORBIDDEN = "SW_AUTH_INSUFFICIENT_PERMISSION";
    private static final String MISMATCH = "SW_AUTH_TENANT_MISMATCH";
    private static final int PER_CHAIN = 120;

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();

    private JsonNode denied(TestServer.Tenant of) {
        server.settle();
        return of.admin
                .get(AUDIT + "?action=access.deny&limit=1000")
                .expect(200)
                .data();
    }

    @Test
    void refusal_isOnRecordInTheChainOfTheCallersTenant() {
        tenant.as(Map.of("sub", "member", "name", "Mo Member", "roles", List.of("member")))
                .with("X-Request-Id", "denied-1")
                .with("User-Agent", "tests/2")
                .put(CONFIG + "?dry_run=true", "{\"scaigrid_api_key\": \"sgk_not_to_be_seen\"}")
                .expect(403, FORBIDDEN);
        JsonNode entry = denied(tenant).get(0);
        assertThat(entry.path("resource_type").asText()).isEqualTo("access");
        assertThat(entry.path("resource_id").asText()).isEqualTo("updateAiConfig");
        assertThat(entry.path("chain").asText()).isEqualTo("tenant:" + tenant.id);
        assertThat(entry.path("partner_id").asText()).isEqualTo(tenant.partner.id);
        assertThat(entry.path("actor_id").asText()).isEqualTo("member");
        assertThat(entry.path("actor_name").asText()).isEqualTo("Mo Member");
        assertThat(entry.path("request_id").asText()).isEqualTo("denied-1");
        assertThat(entry.path("user_agent").asText()).isEqualTo("tests/2");
        assertThat(entry.path("ip_address").asText()).isEqualTo("127.0.0.1");
        assertThat(entry.path("changes")).isEqualTo(TenantLog.json("""
                {"before": null, "after": {"code": "SW_AUTH_INSUFFICIENT_PERMISSION"}}"""));
    }

    @Test
    void refusal_isNeverInTheChainOfTheTenantThatWasAskedFor() {
        TestServer.Tenant other = server.newTenant();
        other.admin.with("X-Tenant-Id", tenant.id).get(CONFIG).expect(403, MISMATCH);
        assertThat(denied(tenant)).isEmpty();
        assertThat(denied(other).get(0).at("/changes/after")).isEqualTo(TenantLog.json("""
                {"code": "SW_AUTH_TENANT_MISMATCH", "tenant": "%s"}""".formatted(tenant.id)));
        other.partner.admin.with("X-Tenant-Id", tenant.id).get(CONFIG).expect(403, MISMATCH);
        JsonNode partners = other.partner.entries("action=access.deny");
        assertThat(partners.get(0).path("chain").asText()).isEqualTo("partner:" + other.partner.id);
        assertThat(partners).hasSize(2);
        assertThat(denied(tenant)).isEmpty();
        assertThat(tenant.partner.entries("action=access.deny")).isEmpty();
    }

    @Test
    void refusal_byAFeatureIsOnRecordToo() {
        String url = "/v1/admin/partners/" + tenant.partner.id;
        TestServer.Partner child = server.newPartner(",\"parent_partner_id\":\"%s\"".formatted(tenant.partner.id));
        server.superAdmin()
                .put("/v1/admin/partners/" + child.id, "{\"status\": \"suspended\"}")
                .expect(200);
        child.admin.get(url).expect(403, FORBIDDEN);
        JsonNode entry = tenant.partner
                .entries("action=access.deny&resource_id=getPartner")
                .get(0);
        assertThat(entry.path("chain").asText()).isEqualTo("partner:" + child.id);
    }

    @Test
    void refusal_ofSomebodyFromNowhereIsInThePlatformsChain() {
        String sub = TestServer.unique("nobody");
        server.as(Map.of("sub", sub)).get("/v1/admin/partners").expect(403, FORBIDDEN);
        server.settle();
        JsonNode entries =
                server.superAdmin().get(AUDIT + "?actor_id=" + sub).expect(200).data();
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).path("chain").asText()).isEqualTo("platform");
    }

    @Test
    void sameRefusal_isOneEntry() {
        Api member = tenant.as(Map.of("sub", "member"));
        for (int i = 0; i < 20; i++) {
            member.get(CONFIG).expect(403, FORBIDDEN);
        }
        member.get(AUDIT).expect(403, FORBIDDEN);
        assertThat(denied(tenant).findValuesAsText("resource_id")).containsExactly("listAudit", "getAiConfig");
    }

    @Test
    void flood_fromManyActorsIsBoundedAndCounted() {
        double before = suppressed();
        int more = 10;
        for (int i = 0; i < PER_CHAIN + more; i++) {
            tenant.as(Map.of("sub", "member-" + i)).get(CONFIG).expect(403, FORBIDDEN);
        }
        assertThat(denied(tenant).size()).isBetween(PER_CHAIN, PER_CHAIN + 2);
        assertThat(suppressed() - before).isGreaterThanOrEqualTo(more - 2);
        tenant.admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        assertThat(tenant.audited("model.enable").isMissingNode()).isFalse();
    }

    private double suppressed() {
        return server.metric("audit_denials_suppressed_total");
    }
}
