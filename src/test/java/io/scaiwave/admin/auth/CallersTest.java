package io.scaiwave.admin.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what; {@link TenantHeaderTest} has on which tenant. */
class CallersTest {
    private static final String CONFIG = "/v1/admin/ai-config";
    private static final String AUDIT = "/v1/admin/audit";
    private static final String PARTNERS = "/v1/admin/partners";
    private static final String TENANT_ID = "X-Tenant-Id";
    private static final String FORBIDDEN = "SW_AUTH_INSUFFICIENT_PERMISSION";
    private static final String MISMATCH = "SW_AUTH_TENANT_MISMATCH";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final TestServer.Partner partner = tenant.partner;

    private static String prompt(String text) {
        return "{\"system_prompt_templates\":[{\"name\":\"n\",\"prompt\":\"%s\"}]}".formatted(text);
    }

    static Stream<Map<String, Object>> admins() {
        return Stream.of(
                Map.of("role", "tenant_admin"),
                Map.of("roles", List.of("tenant_admin")),
                Map.of("roles", List.of("member", "tenant_admin"), "role", "member"),
                Map.of("role", "tenant_admin", "roles", List.of(), "permissions", List.of()),
                Map.of("roles", List.of(7, "tenant_admin")),
                Map.of("permissions", List.of("admin:access")),
                Map.of("role", "member", "permissions", List.of("rooms:read", "admin:access")));
    }

    @ParameterizedTest
    @MethodSource("admins")
    void admin_isToldByRoleRolesOrPermissionsButNotForTheFleet(Map<String, Object> claims) {
        Api api = tenant.as(claims);
        api.get(CONFIG).expect(200);
        api.get(AUDIT).expect(200);
        api.get(PARTNERS).expect(403, FORBIDDEN);
        api.with(TENANT_ID, partner.newTenant("").id).get(CONFIG).expect(403, MISMATCH);
    }

    static Stream<Map<String, Object>> others() {
        return Stream.of(
                Map.of(),
                Map.of("role", "member"),
                Map.of("role", "TENANT_ADMIN"),
                Map.of("role", "tenant_admin super_admin"),
                Map.of("role", List.of("tenant_admin")),
                Map.of("roles", "tenant_admin"),
                Map.of("roles", Map.of("tenant_admin", true)),
                Map.of("roles", List.of("admin:access")),
                Map.of("role", "admin:access"),
                Map.of("permissions", "admin:access"),
                Map.of("permissions", List.of("super_admin")),
                Map.of("permissions", List.of("admin:access ", "admin:*")),
                Map.of("scope", "admin:access"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void others_areForbiddenEverywhere(Map<String, Object> claims) {
        Map<String, Object> all = new HashMap<>(claims);
        all.put("partner_id", partner.scaiKeyId);
        Api api = tenant.as(all);
        for (String path : List.of(CONFIG, AUDIT, PARTNERS, PARTNERS + "/" + partner.id)) {
            api.get(path).expect(403, FORBIDDEN);
            api.with(TENANT_ID, tenant.id).get(path).expect(403, FORBIDDEN);
        }
        api.put(CONFIG, prompt("p")).expect(403, FORBIDDEN);
        assertThat(tenant.changeCount()).isZero();
        assertThat(tenant.auditCount()).as("one refusal of each operation").isEqualTo(5);
    }

    @Test
    void fleet_isForPartnerAndSuperAdminsInEitherForm() {
        for (String role : List.of("partner_admin", "super_admin")) {
            server.as(Map.of("role", role, "partner_id", partner.scaiKeyId))
                    .get(PARTNERS)
                    .expect(200);
            server.as(Map.of("roles", List.of(role), "partner_id", partner.scaiKeyId))
                    .get(PARTNERS)
                    .expect(200);
        }
        server.as(Map.of("role", "tenant_admin", "roles", List.of("super_admin")))
                .get(PARTNERS)
                .expect(200);
        server.as(Map.of("role", "partner_admin")).get(PARTNERS).expect(403, FORBIDDEN);
        server.as(Map.of("role", "partner_admin", "partner_id", "nobody"))
                .get(PARTNERS)
                .expect(403, FORBIDDEN);
    }

    @Test
    void tenant_thatIsUnknownIs404BeforeAnythingIsForbidden() {
        for (String role : List.of("tenant_admin", "member", "partner_admin", "super_admin")) {
            Api api = server.as(Map.of("role", role, "tenant_id", TestServer.unique("nowhere")));
            api.get(CONFIG).expect(404, "SW_TENANT_NOT_FOUND");
            api.get(AUDIT).expect(404, "SW_TENANT_NOT_FOUND");
            api.put(CONFIG, "{").expect(404, "SW_TENANT_NOT_FOUND");
        }
        server.as(Map.of("role", "tenant_admin")).get(CONFIG).expect(404, "SW_TENANT_NOT_FOUND");
        server.as(Map.of("role", "super_admin", "tenant_id", "nowhere"))
                .get(PARTNERS)
                .expect(200);
    }

    @Test
    void partner_thatIsSuspendedShutsItsAdminsOutButNotItsTenants() {
        partner.admin.with(TENANT_ID, tenant.id).get(CONFIG).expect(200);
        server.superAdmin()
                .put(PARTNERS + "/" + partner.id, "{\"status\":\"suspended\"}")
                .expect(200);
        partner.admin.with(TENANT_ID, tenant.id).get(CONFIG).expect(403, FORBIDDEN);
        partner.admin.get(AUDIT).expect(403, FORBIDDEN);
        partner.as(Map.of("tenant_id", tenant.scaiKeyId)).get(CONFIG).expect(403, FORBIDDEN);
        tenant.admin.get(CONFIG).expect(200);
    }

    @Test
    void partner_isSuspendedWithAnyAboveIt() {
        TestServer.Partner child = server.newPartner(",\"parent_partner_id\":\"%s\"".formatted(partner.id));
        TestServer.Partner grandchild = server.newPartner(",\"parent_partner_id\":\"%s\"".formatted(child.id));
        TestServer.Tenant below = grandchild.newTenant("");
        for (String status : List.of("suspended", "active")) {
            server.superAdmin()
                    .put(PARTNERS + "/" + partner.id, "{\"status\":\"%s\"}".formatted(status))
                    .expect(200);
            int expected = status.equals("active") ? 200 : 403;
            for (TestServer.Partner each : List.of(partner, child, grandchild)) {
                each.admin.get(PARTNERS).expect(expected);
                each.admin.get(AUDIT).expect(expected);
                each.admin.with(TENANT_ID, below.id).get(CONFIG).expect(expected);
            }
            below.admin.get(CONFIG).expect(200);
        }
    }

    @Test
    void entry_ofAPartnerAdminNamesThemAndTheTenantTheyActedOn() {
        partner.as(Map.of("sub", "olivia", "name", "Olivia", "email", "o@x.example"))
                .with(TENANT_ID, tenant.id)
                .put(CONFIG, prompt("p"))
                .expect(200);
        JsonNode entry = tenant.audited("ai_config.update");
        assertThat(entry.path("actor_id").asText()).isEqualTo("olivia");
        assertThat(entry.path("actor_name").asText()).isEqualTo("Olivia");
        assertThat(entry.path("tenant_id").asText()).isEqualTo(tenant.id);
        assertThat(entry.path("partner_id").asText()).isEqualTo(partner.id);
        assertThat(entry.path("chain").asText()).isEqualTo("tenant:" + tenant.id);
        assertThat(entry.path("resource_id").asText()).isEqualTo(tenant.id);
    }

    @Test
    void entry_namesTheActorByNameElseEmailElseNotAtAll() {
        List<Map<String, Object>> claims = List.of(
                Map.of("name", "Nora", "email", "n@x.example"),
                Map.of("email", "n@x.example"),
                Map.of("name", "", "email", "n@x.example"),
                Map.of("name", 7),
                Map.of("sub", "robot", "client_id", "robot"));
        for (Map<String, Object> each : claims) {
            Map<String, Object> all = new HashMap<>(each);
            all.put("role", "tenant_admin");
            tenant.as(all).put(CONFIG, prompt(each.toString())).expect(200);
        }
        server.settle();
        JsonNode entries = tenant.admin.get(AUDIT).expect(200).data();
        assertThat(entries.findValues("actor_name"))
                .extracting(JsonNode::textValue)
                .containsExactly(null, null, "n@x.example", "n@x.example", "Nora");
        assertThat(entries.findValuesAsText("actor_type")).containsExactly("service", "user", "user", "user", "user");
        assertThat(entries.findValuesAsText("actor_id"))
                .containsExactly("robot", "tester", "tester", "tester", "tester");
    }

    /** 401, then 404 of the tenant, then 403, and only then what is wrong with the request. */
    @ParameterizedTest
    @ValueSource(strings = {"broken", "unknown field", "wrong type", "huge"})
    void refusals_comeInTheOrderOfTheContract(String fault) {
        String body =
                switch (fault) {
                    case "broken" -> "{";
                    case "huge" -> "{\"name\":\"" + "x".repeat(2 << 20) + "\"}";
                    default -> "{\"nonsense\":1}";
                };
        String type = fault.equals("wrong type") ? "text/plain" : "application/json";
        Api member = tenant.as(Map.of("role", "member")).with("Content-Type", type);
        Api stranger =
                server.as(Map.of("role", "member", "tenant_id", "nowhere")).with("Content-Type", type);
        Api nobody = server.anonymous().with("Content-Type", type);
        for (String query : List.of("", "?nonsense=1")) {
            nobody.put(CONFIG + query, body).expect(401, "SW_AUTH_INVALID_TOKEN");
            nobody.post(PARTNERS + query, body).expect(401, "SW_AUTH_INVALID_TOKEN");
            stranger.put(CONFIG + query, body).expect(404, "SW_TENANT_NOT_FOUND");
            member.put(CONFIG + query, body).expect(403, FORBIDDEN);
            member.post(PARTNERS + query, body).expect(403, FORBIDDEN);
            member.put(PARTNERS + "/none" + query, body).expect(403, FORBIDDEN);
        }
        int own = Map.of("broken", 400, "huge", 413, "wrong type", 415).getOrDefault(fault, 422);
        tenant.admin.with("Content-Type", type).put(CONFIG, body).expect(own);
        partner.admin.with("Content-Type", type).post(PARTNERS, body).expect(own);
        assertThat(tenant.changeCount()).isZero();
        assertThat(tenant.auditCount()).as("one refusal of each operation").isEqualTo(3);
    }
}
