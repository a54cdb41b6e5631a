package io.scaiwave.admin.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listing and reading partners; {@link PartnerCreateTest} and {@link PartnerUpdateTest} have the changes. */
class PartnersVerticleTest {
    private static final String PARTNERS = "/v1/admin/partners";

    private final TestServer server = TestServer.shared();
    private final TestServer.Partner partner = server.newPartner();
    private final String slug = TestServer.unique("made");

    private static String parent(String id) {
        return ",\"parent_partner_id\":\"" + id + "\"";
    }

    private String body(String extra) {
        return "{\"slug\":\"%s\",\"name\":\"Made\"%s}".formatted(slug, extra);
    }

    private static List<String> ids(Api.Reply page) {
        return page.expect(200).data().findValuesAsText("id");
    }

    @Test
    void list_showsAPartnerAdminTheirOwnAndThoseBelow() {
        TestServer.Partner child = server.newPartner(parent(partner.id));
        TestServer.Partner grandchild = server.newPartner(parent(child.id));
        server.newPartner();
        assertThat(ids(partner.admin.get(PARTNERS))).containsExactlyInAnyOrder(partner.id, child.id, grandchild.id);
        assertThat(ids(child.admin.get(PARTNERS))).containsExactlyInAnyOrder(child.id, grandchild.id);
        assertThat(ids(grandchild.admin.get(PARTNERS))).containsExactly(grandchild.id);
    }

    @Test
    void list_pagesThroughAllInOrderOfSlug() {
        List<String> made = new ArrayList<>(List.of(partner.id)); // its slug begins with a p, theirs with an m
        for (String letter : List.of("d", "c", "b", "a")) {
            String body = "{\"slug\":\"%s\",\"name\":\"Made\"}".formatted(slug + letter);
            made.add(
                    0,
                    partner.admin
                            .post(PARTNERS, body)
                            .expect(201)
                            .data()
                            .path("id")
                            .asText());
        }
        List<String> seen = new ArrayList<>();
        for (int offset = 0; offset < 6; offset += 2) {
            Api.Reply page =
                    partner.admin.get(PARTNERS + "?limit=2&offset=" + offset).expect(200);
            assertThat(page.meta())
                    .isEqualTo(TenantLog.json("{\"total\":5,\"limit\":2,\"offset\":%d}".formatted(offset)));
            seen.addAll(ids(page));
        }
        assertThat(seen).isEqualTo(made);
        Api.Reply behind = partner.admin.get(PARTNERS + "?offset=1000000").expect(200);
        assertThat(behind.data()).isEmpty();
        assertThat(behind.meta()).isEqualTo(TenantLog.json("{\"total\":5,\"limit\":50,\"offset\":1000000}"));
    }

    @Test
    void list_showsASuperAdminAll() {
        TestServer.Partner child = server.newPartner(parent(partner.id));
        List<String> seen = new ArrayList<>();
        int total = 1;
        for (int offset = 0; offset < total; offset += 200) {
            Api.Reply page = server.superAdmin().get(PARTNERS + "?limit=200&offset=" + offset);
            seen.addAll(ids(page));
            total = page.meta().path("total").asInt();
        }
        assertThat(seen).contains(partner.id, child.id).hasSize(total).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=201", "limit=many", "limit=", "offset=-1", "offset=1000001", "q=x"})
    void list_refusesBadParametersAndNamesThem(String query) {
        Api.Reply reply = partner.admin.get(PARTNERS + "?" + query).expect(422, "SW_VALIDATION_FAILED");
        assertThat(reply.fields()).containsOnly(query.replaceAll("=.*", ""));
    }

    @Test
    void get_showsThePartnerWithItsTenantCount() {
        TestServer.Partner child =
                server.newPartner(parent(partner.id) + ",\"contact_email\":\"a@b.example\",\"max_tenants\":7");
        child.newTenant("");
        child.newTenant("");
        JsonNode data = partner.admin.get(PARTNERS + "/" + child.id).expect(200).data();
        assertThat(data.path("tenant_count").asInt()).isEqualTo(2);
        assertThat(data.path("contact_email").asText()).isEqualTo("a@b.example");
        assertThat(data.path("max_tenants").asInt()).isEqualTo(7);
        ObjectNode listed = child.admin.get(PARTNERS).expect(200).data().get(0).deepCopy();
        listed.put("tenant_count", 2).putArray("disabled_plugins");
        assertThat(listed.toString()).isEqualTo(data.toString());
        assertThat(partner.admin
                        .get(PARTNERS + "/" + partner.id)
                        .expect(200)
                        .data()
                        .path("tenant_count")
                        .asInt())
                .isZero();
    }

    @Test
    void get_ofWhatTheClientHasIs304() {
        String url = PARTNERS + "/" + partner.id;
        String tag = partner.admin.get(url).expect(200).header("ETag");
        for (String sent : List.of(tag, "W/" + tag, "\"none\", " + tag, "*")) {
            assertThat(partner.admin
                            .with("If-None-Match", sent)
                            .get(url)
                            .expect(304)
                            .header("ETag"))
                    .isEqualTo(tag);
        }
        partner.admin.put(url, "{\"name\":\"Renamed\"}").expect(200);
        Api.Reply renamed = partner.admin.with("If-None-Match", tag).get(url).expect(200);
        assertThat(renamed.header("ETag")).isNotEqualTo(tag);
    }

    @Test
    void get_answersAPartnerOutOfReachAsIfItWereNotThere() {
        TestServer.Partner child = server.newPartner(parent(partner.id));
        Api.Reply above = child.admin.get(PARTNERS + "/" + partner.id).expect(404, "SW_PARTNER_NOT_FOUND");
        Api.Reply absent = child.admin.get(PARTNERS + "/" + UUID.randomUUID()).expect(404, "SW_PARTNER_NOT_FOUND");
        assertThat(above.body().at("/error/message")).isEqualTo(absent.body().at("/error/message"));
        server.newPartner().admin.get(PARTNERS + "/" + partner.id).expect(404, "SW_PARTNER_NOT_FOUND");
        server.superAdmin().get(PARTNERS + "/" + partner.id).expect(200);
        Api.Reply noId = partner.admin.get(PARTNERS + "/acme").expect(404, "SW_PARTNER_NOT_FOUND");
        assertThat(noId.body().at("/error/message")).isEqualTo(absent.body().at("/error/message"));
    }

    @Test
    void all_areForAdminsOfAnActivePartner() {
        TestServer.Tenant tenant = partner.newTenant("");
        server.superAdmin()
                .put(PARTNERS + "/" + partner.id, "{\"status\":\"suspended\"}")
                .expect(200);
        String one = PARTNERS + "/" + partner.id;
        for (Api refused :
                List.of(partner.admin, tenant.admin, server.as(Map.of("permissions", List.of("admin:access"))))) {
            for (Api.Reply reply : List.of(
                    refused.get(PARTNERS),
                    refused.get(one),
                    refused.post(PARTNERS, body("")),
                    refused.put(one, "{}"))) {
                reply.expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
            }
        }
        server.anonymous().get(PARTNERS).expect(401, "SW_AUTH_INVALID_TOKEN");
        server.superAdmin().put(one, "{\"status\":\"active\"}").expect(200);
        assertThat(ids(partner.admin.get(PARTNERS))).containsExactly(partner.id);
    }
}
