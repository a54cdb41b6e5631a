package io.scaiwave.admin.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** createPartner. */
class PartnerCreateTest {
    private static final int DEPTH_MAX = 32;
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
    void post_ofASuperAdminMakesOneAtTheTopWithDefaults() {
        Api root = server.superAdmin();
        Api.Reply made = root.post(PARTNERS, body("")).expect(201);
        String id = made.data().path("id").asText();
        assertThat(made.header("ETag"))
                .isEqualTo(root.get(PARTNERS + "/" + id).header("ETag"))
                .isNotNull();
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
    void post_ofAPartnerAdminMakesOneBelowTheirOwnWithItsEntry() {
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
        assertThat(entry.at("/changes/after"))
                .isEqualTo(TenantLog.json(body("," + given + parent(partner.id) + ",\"disabled_plugins\":[]")));
    }

    @Test
    void post_goesSoDeepAndNoDeeper() {
        String parent = partner.id;
        for (int depth = 2; depth <= DEPTH_MAX; depth++) {
            parent = server.newPartner(parent(parent)).id;
        }
        Api.Reply reply =
                server.superAdmin().post(PARTNERS, body(parent(parent))).expect(422, "SW_VALIDATION_FAILED");
        assertThat(reply.fields()).containsExactly("/parent_partner_id");
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
}
