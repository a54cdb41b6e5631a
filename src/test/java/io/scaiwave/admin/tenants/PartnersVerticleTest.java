package io.scaiwave.admin.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.Api;
import io.scaiwave.admin.TenantLog;
import io.scaiwave.admin.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listing, reading and creating partners; {@link PartnerUpdateTest} has the updates. */
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
    void list_showsAPartnerAdminHisOwnAndThoseBelow() {
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
        assertThat(listed.put("tenant_count", 2).toString()).isEqualTo(data.toString());
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
        assertThat(partner.admin
                        .get(PARTNERS + "/acme")
                        .expect(422, "SW_VALIDATION_FAILED")
                        .fields())
                .containsOnly("partner_id");
    }

    @Test
    void post_ofASuperAdminMakesOneAtTheTopWithDefaults() {
        Api root = server.superAdmin();
        Api.Reply made = root.post(PARTNERS, body("")).expect(201);
        String id = made.data().path("id").asText();
        assertThat(made.header("ETag")).isEqualTo("\"1\"");
        assertThat(made.data().path("scaikey_partner_id").asText()).isEqualTo(id);
        assertThat(made.data().path("status").asText()).isEqualTo("active");
        for (String empty : List.of("contact_email", "parent_partner_id", "max_tenants")) {
            assertThat(made.data().path(empty).isNull()).as(empty).isTrue();
        }
        server.settle();
        JsonNode entries =
                root.get("/v1/admin/audit?resource_id=" + id).expect(200).data();
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).path("chain").asText()).isEqualTo("platform");
        assertThat(entries.get(0).path("actor_id").asText()).isEqualTo("root");
        assertThat(root.get(PARTNERS + "/" + id).expect(200).data()).isEqualTo(made.data());
    }

    @Test
    void post_ofAPartnerAdminMakesOneBelowHisOwnWithItsEntry() {
        String given =
                "\"scaikey_partner_id\":\"sk-%s\",\"contact_email\":\"ops@made.example\",\"max_tenants\":25,\"status\":\"suspended\""
                        .formatted(slug);
        JsonNode data =
                partner.admin.post(PARTNERS, body("," + given)).expect(201).data();
        assertThat(data.path("parent_partner_id").asText()).isEqualTo(partner.id);
        JsonNode entry = partner.entries("action=partner.create").get(0);
        assertThat(entry.path("chain").asText()).isEqualTo("partner:" + partner.id);
        assertThat(entry.path("partner_id").asText()).isEqualTo(partner.id);
        assertThat(entry.path("resource_type").asText()).isEqualTo("partner");
        assertThat(entry.path("resource_id")).isEqualTo(data.path("id"));
        assertThat(entry.at("/changes/before").isNull()).isTrue();
        assertThat(entry.at("/changes/after")).isEqualTo(TenantLog.json(body("," + given + parent(partner.id))));
    }

    @Test
    void post_takesAParentInReachOnly() {
        TestServer.Partner child = server.newPartner(parent(partner.id));
        TestServer.Partner other = server.newPartner();
        String named = partner.admin
                .post(PARTNERS, body(parent(child.id)))
                .expect(201)
                .data()
                .path("id")
                .asText();
        assertThat(ids(child.admin.get(PARTNERS))).containsExactlyInAnyOrder(child.id, named);
        for (String hidden : List.of(partner.id, other.id, UUID.randomUUID().toString())) {
            Api.Reply reply = child.admin.post(PARTNERS, body(parent(hidden))).expect(404, "SW_PARTNER_NOT_FOUND");
            assertThat(reply.fields()).containsExactly("/parent_partner_id");
        }
        String top = "{\"slug\":\"%s\",\"name\":\"n\",\"parent_partner_id\":null}".formatted(TestServer.unique("top"));
        assertThat(child.admin
                        .post(PARTNERS, top)
                        .expect(201)
                        .data()
                        .path("parent_partner_id")
                        .asText())
                .isEqualTo(child.id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'slug':'-a','name':'n'} | /slug",
                "{'name':'n'} | /slug",
                "{'slug':'a','name':null} | /name",
                "{'slug':'a','name':'n','status':'closed'} | /status",
                "{'slug':'a','name':'n','max_tenants':-1} | /max_tenants",
                "{'slug':'a','name':'n','max_tenants':1.5} | /max_tenants",
                "{'slug':'a','name':'n','contact_email':'nobody'} | /contact_email",
                "{'slug':'a','name':'n','scaikey_partner_id':null} | /scaikey_partner_id",
                "{'slug':'a','name':'n','parent_partner_id':'x'} | /parent_partner_id",
                "{'slug':'a','name':'n','tenant_count':0} | /tenant_count"
            })
    void post_refusesWhatTheContractDoesNotAllow(String body, String field) {
        Api.Reply reply = partner.admin.post(PARTNERS, body.replace('\'', '"')).expect(422, "SW_VALIDATION_FAILED");
        assertThat(reply.fields()).contains(field);
        assertThat(ids(partner.admin.get(PARTNERS))).containsExactly(partner.id);
    }

    @Test
    void post_refusesATakenSlugOrScaiKeyId() {
        String taken = server.superAdmin()
                .get(PARTNERS + "/" + partner.id)
                .expect(200)
                .data()
                .path("slug")
                .asText();
        String sameSlug = "{\"slug\":\"%s\",\"name\":\"n\"}".formatted(taken);
        for (String query : List.of("", "?dry_run=true")) {
            assertThat(partner.admin
                            .post(PARTNERS + query, sameSlug)
                            .expect(409, "SW_PARTNER_SLUG_TAKEN")
                            .fields())
                    .containsExactly("/slug");
            assertThat(partner.admin
                            .post(PARTNERS + query, body(",\"scaikey_partner_id\":\"" + partner.scaiKeyId + '"'))
                            .expect(409, "SW_PARTNER_ALREADY_LINKED")
                            .fields())
                    .containsExactly("/scaikey_partner_id");
        }
        assertThat(ids(partner.admin.get(PARTNERS))).containsExactly(partner.id);
        assertThat(partner.entries("action=partner.create&actor_id=partner-admin"))
                .isEmpty();
    }

    @Test
    void post_rehearsedMakesNothing() {
        Api.Reply rehearsed =
                partner.admin.post(PARTNERS + "?dry_run=true", body("")).expect(201);
        JsonNode preview = rehearsed.meta().path("audit_entry");
        assertThat(rehearsed.meta().path("dry_run").asBoolean()).isTrue();
        assertThat(preview.path("resource_id")).isEqualTo(rehearsed.data().path("id"));
        assertThat(ids(partner.admin.get(PARTNERS))).containsExactly(partner.id);
        partner.admin
                .post(PARTNERS, body(",\"scaikey_partner_id\":\"%s\"".formatted(slug)))
                .expect(201);
        JsonNode entries = partner.entries("action=partner.create&actor_id=partner-admin");
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).at("/changes/after").size())
                .isEqualTo(preview.at("/changes/after").size());
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
