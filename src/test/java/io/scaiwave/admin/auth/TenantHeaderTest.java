package io.scaiwave.admin.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On which tenant a caller acts. */
class TenantHeaderTest {
    private static final String CONFIG = "/v1/admin/ai-config";
    private static final String AUDIT = "/v1/admin/audit";
    private static final String PARTNERS = "/v1/admin/partners";
    private static final String TENANT_ID = "X-Tenant-Id";
    private static final String MISMATCH = "SW_AUTH_TENANT_MISMATCH";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final TestServer.Partner partner = tenant.partner;

    private static String prompt(String text) {
        return "{\"system_prompt_templates\":[{\"name\":\"n\",\"prompt\":\"%s\"}]}".formatted(text);
    }

    @Test
    void header_ofATenantAdminMayNameTheirOwnTenantOnly() {
        TestServer.Tenant sibling = partner.newTenant("");
        tenant.admin.with(TENANT_ID, tenant.id).get(CONFIG).expect(200);
        tenant.admin
                .with(TENANT_ID, tenant.id.toUpperCase(Locale.ROOT))
                .get(CONFIG)
                .expect(200);
        for (String other : List.of(sibling.id, UUID.randomUUID().toString())) {
            tenant.admin.with(TENANT_ID, other).get(CONFIG).expect(403, MISMATCH);
            tenant.admin.with(TENANT_ID, other).get(AUDIT).expect(403, MISMATCH);
            tenant.admin.with(TENANT_ID, other).put(CONFIG, prompt("p")).expect(403, MISMATCH);
        }
        assertThat(sibling.auditCount()).isZero();
    }

    @Test
    void header_ofAPartnerAdminReachesTheirFleetOnly() {
        TestServer.Partner child = server.newPartner(",\"parent_partner_id\":\"%s\"".formatted(partner.id));
        TestServer.Tenant below = child.newTenant("");
        TestServer.Tenant foreign = server.newTenant();
        partner.admin.with(TENANT_ID, tenant.id).get(CONFIG).expect(200);
        partner.admin.with(TENANT_ID, below.id).put(CONFIG, prompt("p")).expect(200);
        child.admin.with(TENANT_ID, tenant.id).get(CONFIG).expect(403, MISMATCH);
        partner.admin.with(TENANT_ID, foreign.id).put(CONFIG, prompt("p")).expect(403, MISMATCH);
        partner.admin.with(TENANT_ID, foreign.id).get(AUDIT).expect(403, MISMATCH);
        partner.admin.with(TENANT_ID, UUID.randomUUID().toString()).get(CONFIG).expect(403, MISMATCH);
        partner.as(Map.of("tenant_id", tenant.scaiKeyId))
                .with(TENANT_ID, below.id)
                .get(CONFIG)
                .expect(200);
        assertThat(below.auditCount()).isEqualTo(1);
        assertThat(foreign.auditCount()).isZero();
    }

    /** A token that names a tenant gives no right in it to who is a partner admin only. */
    @Test
    void tokensTenant_ofAPartnerAdminMustBeInTheirReach() {
        TestServer.Tenant foreign = server.newTenant();
        Api across = partner.as(Map.of("tenant_id", foreign.scaiKeyId));
        for (Api api : List.of(across, across.with(TENANT_ID, foreign.id))) {
            api.get(CONFIG).expect(403, MISMATCH);
            api.get(AUDIT).expect(403, MISMATCH);
            api.put(CONFIG, prompt("p")).expect(403, MISMATCH);
            api.post("/v1/admin/models/scailar-pro/enable").expect(403, MISMATCH);
        }
        across.with(TENANT_ID, tenant.id).get(CONFIG).expect(200);
        across.get(PARTNERS).expect(200);
        assertThat(foreign.auditCount()).isZero();
        assertThat(partner.entries("action=access.deny&resource_id=updateAiConfig"))
                .hasSize(1);
        for (Map<String, Object> both : List.<Map<String, Object>>of(
                Map.of("roles", List.of("tenant_admin", "partner_admin")),
                Map.of("permissions", List.of("admin:access")),
                Map.of("roles", List.of("super_admin")))) {
            Map<String, Object> claims = new HashMap<>(both);
            claims.put("tenant_id", foreign.scaiKeyId);
            Api api = partner.as(claims);
            api.get(CONFIG).expect(200);
            api.with(TENANT_ID, foreign.id).put(CONFIG, "{}").expect(200);
        }
    }

    @Test
    void header_ofASuperAdminReachesAllThatIsThere() {
        Api root = server.superAdmin();
        root.with(TENANT_ID, tenant.id).get(CONFIG).expect(200);
        root.with(TENANT_ID, UUID.randomUUID().toString()).get(CONFIG).expect(404, "SW_TENANT_NOT_FOUND");
        root.with(TENANT_ID, UUID.randomUUID().toString()).get(AUDIT).expect(404, "SW_TENANT_NOT_FOUND");
        String slug = TestServer.unique("top");
        String top = "{\"slug\":\"%s\",\"name\":\"n\",\"scaikey_tenant_id\":\"%s\"}".formatted(slug, slug);
        String direct = root.post("/v1/admin/tenants", top)
                .expect(201)
                .data()
                .path("id")
                .asText();
        root.with(TENANT_ID, direct).get(CONFIG).expect(200);
        partner.admin.with(TENANT_ID, direct).get(CONFIG).expect(403, MISMATCH);
    }

    @Test
    void header_isNeededWhereTheTokenNamesNoTenant() {
        for (Api api : List.of(partner.admin, server.superAdmin())) {
            api.get(CONFIG).expect(400, "SW_TENANT_REQUIRED");
            api.put(CONFIG, "{}").expect(400, "SW_TENANT_REQUIRED");
            api.post("/v1/admin/models/scailar-pro/enable").expect(400, "SW_TENANT_REQUIRED");
            api.get(AUDIT).expect(200);
            api.get(PARTNERS).expect(200);
        }
        partner.as(Map.of("tenant_id", tenant.scaiKeyId)).get(CONFIG).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "acme", "1-2-3-4-5", "00000000-0000-0000-0000-00000000000g", "{x}", "*"})
    void header_thatIsMalformedIs422(String header) {
        for (Api api : List.of(tenant.admin, partner.admin, server.superAdmin())) {
            Api.Reply reply = api.with(TENANT_ID, header).get(CONFIG).expect(422, "SW_VALIDATION_FAILED");
            assertThat(reply.fields()).containsOnly(TENANT_ID);
        }
    }
}
