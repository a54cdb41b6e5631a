package io.scaiwave.admin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TestServer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DenialsTest {
    private static final String AUDIT = "/v1/admin/audit";
    private static final String CONFIG = "/v1/admin/ai-config";
    private static final String FORBIDDEN = "SW_AUTH_INSUFFICIENT_PERMISSION";
    private static final String MISMATCH = "SW_AUTH_TENANT_MISMATCH";
    private static final String PARTNERS = "/v1/admin/partners";
    private static final int PER_CHAIN = 120;
    private static final int PER_ACTOR = 20;

    /** One of each operation. */
    private static final List<List<String>> CALLS = List.of(
            List.of("GET", "/ai-config"),
            List.of("PUT", "/ai-config"),
            List.of("GET", "/stats"),
            List.of("GET", "/audit"),
            List.of("GET", "/prompt-studio"),
            List.of("PUT", "/prompt-studio"),
            List.of("GET", "/note-processing"),
            List.of("PUT", "/note-processing"),
            List.of("GET", "/models/catalog"),
            List.of("POST", "/models/m/enable"),
            List.of("POST", "/models/m/disable"),
            List.of("PUT", "/models/m/participant"),
            List.of("GET", "/plugins"),
            List.of("POST", "/plugins/p.p/enable"),
            List.of("POST", "/plugins/p.p/disable"),
            List.of("GET", "/participants"),
            List.of("POST", "/participants/model"),
            List.of("POST", "/tenants"),
            List.of("GET", "/partners"),
            List.of("POST", "/partners"),
            List.of("GET", "/partners/p"),
            List.of("PUT", "/partners/p"));

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
    void whatIsOutOfReach_isOnRecordLikeWhatIsForbidden() {
        TestServer.Partner snoop = server.newPartner();
        String asked = tenant.partner.id;
        snoop.admin.get(PARTNERS + "/" + asked).expect(404, "SW_PARTNER_NOT_FOUND");
        snoop.admin.put(PARTNERS + "/" + asked, "{\"name\": \"Mine\"}").expect(404, "SW_PARTNER_NOT_FOUND");
        String slug = TestServer.unique("taken");
        snoop.admin.post("/v1/admin/tenants", """
                        {"slug": "%s", "name": "n", "scaikey_tenant_id": "%s", "partner_id": "%s"}""".formatted(slug, slug, asked)).expect(404, "SW_PARTNER_NOT_FOUND");
        JsonNode entries = snoop.entries("action=access.deny");
        assertThat(entries.findValuesAsText("resource_id"))
                .containsExactly("createTenant", "updatePartner", "getPartner");
        assertThat(entries.get(2).at("/changes/after")).isEqualTo(TenantLog.json("""
                {"code": "SW_PARTNER_NOT_FOUND", "partner": "%s"}""".formatted(asked)));
        assertThat(tenant.partner.entries("action=access.deny")).isEmpty();
    }

    @Test
    void whatIsNotThere_isOnRecordOnlyWhereItMightBe() {
        String sub = TestServer.unique("root");
        String nothing = UUID.randomUUID().toString();
        Api root = server.as(Map.of("sub", sub, "role", "super_admin"));
        root.get(PARTNERS + "/" + nothing).expect(404, "SW_PARTNER_NOT_FOUND");
        root.with("X-Tenant-Id", nothing).get(CONFIG).expect(404, "SW_TENANT_NOT_FOUND");
        tenant.admin.post("/v1/admin/plugins/acme.none/enable").expect(404, "SW_PLUGIN_NOT_FOUND");
        tenant.admin.post("/v1/admin/models/none/enable").expect(404, "SW_MODEL_NOT_FOUND");
        assertThat(denied(tenant)).isEmpty();
        JsonNode entries =
                server.superAdmin().get(AUDIT + "?actor_id=" + sub).expect(200).data();
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).at("/changes/after")).isEqualTo(TenantLog.json("""
                {"code": "SW_TENANT_NOT_FOUND", "tenant": "%s"}""".formatted(nothing)));
    }

    /** Six members who try everything: more refusals than the chain has room for. */
    @Test
    void noiseOfSome_doesNotHideTheNext() {
        for (int member = 0; member < 6; member++) {
            Api noisy = tenant.as(Map.of("sub", "noisy-" + member));
            CALLS.forEach(call ->
                    noisy.send(call.get(0), "/v1/admin" + call.get(1), null).expect(403, FORBIDDEN));
        }
        tenant.as(Map.of("sub", "intruder")).put(CONFIG, "{}").expect(403, FORBIDDEN);
        List<String> actors = denied(tenant).findValuesAsText("actor_id");
        assertThat(actors).contains("intruder").hasSizeLessThanOrEqualTo(PER_CHAIN);
        for (int member = 0; member < 6; member++) {
            assertThat(actors).contains("noisy-" + member);
        }
        assertThat(Collections.frequency(actors, "noisy-0")).isEqualTo(PER_ACTOR);
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
