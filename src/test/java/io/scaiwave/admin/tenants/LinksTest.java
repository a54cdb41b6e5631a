package io.scaiwave.admin.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which tenant or partner of ScaiKey one here is: who may say so, and what is told of those that are taken. */
class LinksTest {
    private static final String TENANTS = "/v1/admin/tenants";
    private static final String PARTNERS = "/v1/admin/partners";

    private final TestServer server = TestServer.shared();
    private final TestServer.Partner partner = server.newPartner();

    private static String tenant(String scaiKeyId) {
        return "{\"slug\": \"%s\", \"name\": \"T\", \"scaikey_tenant_id\": \"%s\"}"
                .formatted(TestServer.unique("links"), scaiKeyId);
    }

    private static String child(String more) {
        return "{\"slug\": \"%s\", \"name\": \"P\" %s}".formatted(TestServer.unique("links"), more);
    }

    @Test
    void aDryRunThatFindsAnIdLinked_isOnRecord() {
        String taken = server.newTenant().scaiKeyId;
        partner.admin.post(TENANTS + "?dry_run=true", tenant(taken)).expect(409, "SW_TENANT_ALREADY_LINKED");
        String other = ", \"scaikey_partner_id\": \"%s\"".formatted(server.newPartner().scaiKeyId);
        partner.admin.post(PARTNERS + "?dry_run=true", child(other)).expect(409, "SW_PARTNER_ALREADY_LINKED");
        JsonNode entries = partner.entries("action=access.deny");
        assertThat(entries.findValuesAsText("code"))
                .containsExactlyInAnyOrder("SW_TENANT_ALREADY_LINKED", "SW_PARTNER_ALREADY_LINKED");
        server.superAdmin().post(TENANTS + "?dry_run=true", tenant(taken)).expect(409, "SW_TENANT_ALREADY_LINKED");
    }

    @Test
    void whereOnlySuperAdminsLink_partnerAdminsDoNot() {
        TestServer.Partner below = server.newPartner(", \"parent_partner_id\": \"%s\"".formatted(partner.id));
        try (TestServer strict = server.beside(Map.of("SCAIWAVE_SCAIKEY_LINK_BY_SUPER_ADMIN_ONLY", "true"))) {
            Api admin =
                    strict.as(Map.of("sub", "partner-admin", "role", "partner_admin", "partner_id", partner.scaiKeyId));
            admin.post(TENANTS, tenant(TestServer.unique("free"))).expect(403);
            admin.post(PARTNERS, child(", \"scaikey_partner_id\": \"%s\"".formatted(TestServer.unique("free"))))
                    .expect(403);
            String path = PARTNERS + "/" + below.id;
            for (String id : List.of(TestServer.unique("free"), "null")) {
                admin.put(path, "{\"scaikey_partner_id\": \"%s\"}".formatted(id))
                        .expect(403);
            }
            admin.put(path, "{\"scaikey_partner_id\": \"%s\"}".formatted(below.scaiKeyId))
                    .expect(200);
            admin.post(PARTNERS, child("")).expect(201);
            strict.superAdmin().post(TENANTS, tenant(TestServer.unique("free"))).expect(201);
        }
        partner.admin.post(TENANTS, tenant(TestServer.unique("free"))).expect(201);
    }
}
