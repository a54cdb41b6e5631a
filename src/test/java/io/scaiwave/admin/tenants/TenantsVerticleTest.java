package io.scaiwave.admin.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantsVerticleTest {
    private static final String TENANTS = "/v1/admin/tenants";
    private static final String NO_LIMITS =
            "\"limits\":{\"max_participants\":null,\"max_rooms\":null,\"max_storage_bytes\":null,\"ai_tokens_monthly\":null}";

    private final TestServer server = TestServer.shared();
    private final TestServer.Partner partner = server.newPartner();
    private final String slug = TestServer.unique("made");

    /** A body with what is required. */
    private static String body(String slug, String extra) {
        return "{\"slug\":\"%s\",\"name\":\"Made\",\"scaikey_tenant_id\":\"sk-%s\"%s}".formatted(slug, slug, extra);
    }

    private String body(String extra) {
        return body(slug, extra);
    }

    private static String of(String partnerId) {
        return ",\"partner_id\":\"" + partnerId + "\"";
    }

    private long tenantCount(String partnerId) {
        return server.superAdmin()
                .get("/v1/admin/partners/" + partnerId)
                .expect(200)
                .data()
                .path("tenant_count")
                .asLong();
    }

    @Test
    void post_makesATenantOfOnesOwnPartnerThatWorksAtOnce() {
        String limits =
                "{\"max_participants\":5,\"max_rooms\":null,\"max_storage_bytes\":9007199254740991,\"ai_tokens_monthly\":0}";
        String features = "{\"prompt_studio\":true,\"drive\":false}";
        JsonNode data = partner.admin
                .post(TENANTS, body(",\"limits\":%s,\"features\":%s".formatted(limits, features)))
                .expect(201)
                .data();
        assertThat(data.path("slug").asText()).isEqualTo(slug);
        assertThat(data.path("name").asText()).isEqualTo("Made");
        assertThat(data.path("scaikey_tenant_id").asText()).isEqualTo("sk-" + slug);
        assertThat(data.path("partner_id").asText()).isEqualTo(partner.id);
        assertThat(data.path("limits")).isEqualTo(TenantLog.json(limits));
        assertThat(data.path("features")).isEqualTo(TenantLog.json(features));
        assertThat(data.path("created_at")).isEqualTo(data.path("updated_at"));
        assertThat(UUID.fromString(data.path("id").asText()).version()).isEqualTo(7);
        assertThat(tenantCount(partner.id)).isEqualTo(1);
        server.as(Map.of("role", "tenant_admin", "tenant_id", "sk-" + slug))
                .get("/v1/admin/ai-config")
                .expect(200);
    }

    @Test
    void post_isAuditedInThePartnersChain() {
        JsonNode data = partner.as(Map.of("sub", "olivia", "name", "Olivia"))
                .with("X-Request-Id", "req-tenant")
                .post(TENANTS, body(",\"limits\":{},\"features\":{\"drive\":true}"))
                .expect(201)
                .data();
        JsonNode entries = partner.entries("action=tenant.create");
        assertThat(entries).hasSize(1);
        JsonNode entry = entries.get(0);
        assertThat(entry.path("chain").asText()).isEqualTo("partner:" + partner.id);
        assertThat(entry.path("partner_id").asText()).isEqualTo(partner.id);
        assertThat(entry.path("resource_type").asText()).isEqualTo("tenant");
        assertThat(entry.path("resource_id").asText()).isEqualTo(data.path("id").asText());
        assertThat(entry.path("actor_id").asText()).isEqualTo("olivia");
        assertThat(entry.path("actor_name").asText()).isEqualTo("Olivia");
        assertThat(entry.path("request_id").asText()).isEqualTo("req-tenant");
        assertThat(entry.path("ip_address").asText()).isEqualTo("127.0.0.1");
        assertThat(entry.at("/changes/before").isNull()).isTrue();
        assertThat(entry.at("/changes/after"))
                .isEqualTo(TenantLog.json(
                        "{\"slug\":\"%s\",\"name\":\"Made\",\"scaikey_tenant_id\":\"sk-%s\"%s,%s,\"features\":{\"drive\":true}}"
                                .formatted(slug, slug, of(partner.id), NO_LIMITS)));
    }

    @Test
    void post_ofASuperAdminWithoutAPartnerIsDirectlyUnderThePlatform() {
        Api root = server.superAdmin();
        JsonNode data = root.post(TENANTS, body("")).expect(201).data();
        assertThat(data.path("partner_id").isNull()).isTrue();
        assertThat(data.path("features")).isEmpty();
        assertThat(data.path("limits"))
                .isEqualTo(TenantLog.json("{" + NO_LIMITS + "}").path("limits"));
        server.settle();
        JsonNode entries = root.get(
                        "/v1/admin/audit?resource_id=" + data.path("id").asText())
                .expect(200)
                .data();
        assertThat(entries.findValuesAsText("chain")).containsExactly("platform");
        assertThat(entries.get(0).path("partner_id").isNull()).isTrue();
    }

    @Test
    void post_reachesOnesOwnPartnerAndThoseBelow() {
        TestServer.Partner child = server.newPartner(",\"parent_partner_id\":\"%s\"".formatted(partner.id));
        TestServer.Partner grandchild = server.newPartner(",\"parent_partner_id\":\"%s\"".formatted(child.id));
        for (TestServer.Partner below : List.of(partner, child, grandchild)) {
            JsonNode data = partner.admin
                    .post(TENANTS, body(TestServer.unique("made"), of(below.id)))
                    .expect(201)
                    .data();
            assertThat(data.path("partner_id").asText()).isEqualTo(below.id);
            assertThat(tenantCount(below.id)).isEqualTo(1);
        }
        assertThat(partner.admin
                        .post(TENANTS, body(",\"partner_id\":null"))
                        .expect(201)
                        .data()
                        .path("partner_id")
                        .asText())
                .isEqualTo(partner.id);
    }

    @Test
    void post_answersAPartnerOutOfReachAsIfItWereNotThere() {
        TestServer.Partner child = server.newPartner(",\"parent_partner_id\":\"%s\"".formatted(partner.id));
        TestServer.Partner other = server.newPartner();
        String unknown = UUID.randomUUID().toString();
        Api.Reply hidden = child.admin.post(TENANTS, body(of(partner.id))).expect(404, "SW_PARTNER_NOT_FOUND");
        Api.Reply absent = child.admin.post(TENANTS, body(of(unknown))).expect(404, "SW_PARTNER_NOT_FOUND");
        assertThat(hidden.fields()).containsExactly("/partner_id");
        assertThat(hidden.body().at("/error/message")).isEqualTo(absent.body().at("/error/message"));
        assertThat(hidden.body().at("/error/details")).isEqualTo(absent.body().at("/error/details"));
        partner.admin.post(TENANTS, body(of(other.id))).expect(404, "SW_PARTNER_NOT_FOUND");
        server.superAdmin().post(TENANTS, body(of(unknown))).expect(404, "SW_PARTNER_NOT_FOUND");
        assertThat(tenantCount(partner.id) + tenantCount(other.id)).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'slug':'Upper','name':'n','scaikey_tenant_id':'x'} | /slug",
                "{'slug':null,'name':'n','scaikey_tenant_id':'x'} | /slug",
                "{'slug':'a','name':'','scaikey_tenant_id':'x'} | /name",
                "{'slug':'a','name':'n','scaikey_tenant_id':'x y'} | /scaikey_tenant_id",
                "{'slug':'a','name':'n','scaikey_tenant_id':7} | /scaikey_tenant_id",
                "{'slug':'a','name':'n'} | /scaikey_tenant_id",
                "{'slug':'a','name':'n','scaikey_tenant_id':'x','partner_id':'nobody'} | /partner_id",
                "{'slug':'a','name':'n','scaikey_tenant_id':'x','limits':{'max_rooms':-1}} | /limits/max_rooms",
                "{'slug':'a','name':'n','scaikey_tenant_id':'x','limits':{'max_rooms':9007199254740992}} |"
                        + " /limits/max_rooms",
                "{'slug':'a','name':'n','scaikey_tenant_id':'x','limits':{'max_cars':1}} | /limits/max_cars",
                "{'slug':'a','name':'n','scaikey_tenant_id':'x','features':{'drive':'yes'}} | /features/drive",
                "{'slug':'a','name':'n','scaikey_tenant_id':'x','id':'1'} | /id"
            })
    void post_refusesWhatTheContractDoesNotAllow(String body, String field) {
        Api.Reply reply = partner.admin.post(TENANTS, body.replace('\'', '"')).expect(422, "SW_VALIDATION_FAILED");
        assertThat(reply.fields()).contains(field);
        assertThat(tenantCount(partner.id)).isZero();
    }

    @Test
    void post_refusesATakenSlugOrScaiKeyIdAndCountsNothing() {
        partner.admin.post(TENANTS, body("")).expect(201);
        TestServer.Partner other = server.newPartner();
        String sameSlug = "{\"slug\":\"%s\",\"name\":\"n\",\"scaikey_tenant_id\":\"%s\"}"
                .formatted(slug, TestServer.unique("sk"));
        String sameId = "{\"slug\":\"%s\",\"name\":\"n\",\"scaikey_tenant_id\":\"sk-%s\"}"
                .formatted(TestServer.unique("s"), slug);
        for (String query : List.of("", "?dry_run=true")) {
            assertThat(other.admin
                            .post(TENANTS + query, sameSlug)
                            .expect(409, "SW_TENANT_SLUG_TAKEN")
                            .fields())
                    .containsExactly("/slug");
            assertThat(other.admin
                            .post(TENANTS + query, sameId)
                            .expect(409, "SW_TENANT_ALREADY_LINKED")
                            .fields())
                    .containsExactly("/scaikey_tenant_id");
        }
        assertThat(tenantCount(other.id)).isZero();
        assertThat(other.entries("action=tenant.create")).isEmpty();
    }

    @Test
    void post_isForPartnerAdminsOfAnActivePartner() {
        TestServer.Tenant tenant = partner.newTenant("");
        server.anonymous().post(TENANTS, body("")).expect(401, "SW_AUTH_INVALID_TOKEN");
        tenant.admin.post(TENANTS, body("")).expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        server.superAdmin()
                .put("/v1/admin/partners/" + partner.id, "{\"status\":\"suspended\"}")
                .expect(200);
        partner.admin.post(TENANTS, body("")).expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        assertThat(tenantCount(partner.id)).isEqualTo(1);
    }

    @Test
    void post_rehearsedShowsTheTenantAndItsEntryAndMakesNeither() {
        String url = TENANTS + "?dry_run=true";
        Api.Reply rehearsed =
                partner.admin.with("Idempotency-Key", slug).post(url, body("")).expect(201);
        JsonNode preview = rehearsed.meta().path("audit_entry");
        assertThat(rehearsed.meta().path("dry_run").asBoolean()).isTrue();
        assertThat(preview.path("action").asText()).isEqualTo("tenant.create");
        assertThat(preview.path("chain").asText()).isEqualTo("partner:" + partner.id);
        assertThat(preview.path("resource_id")).isEqualTo(rehearsed.data().path("id"));
        assertThat(tenantCount(partner.id)).isZero();
        assertThat(partner.entries("action=tenant.create")).isEmpty();
        Api.Reply real = partner.admin
                .with("Idempotency-Key", slug)
                .post(TENANTS, body(""))
                .expect(201);
        assertThat(real.meta().has("dry_run")).isFalse();
        assertThat(partner.entries("action=tenant.create").get(0).path("changes"))
                .isEqualTo(preview.path("changes"));
    }
}
