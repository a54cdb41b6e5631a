package io.scaiwave.admin.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** updatePartner. The parent's admin changes the child; the child's admin changes what is their own. */
class PartnerUpdateTest {
    private static final String PARTNERS = "/v1/admin/partners/";
    private static final String UPDATES = "action=partner.update";

    private final TestServer server = TestServer.shared();
    private final TestServer.Partner partner = server.newPartner();
    private TestServer.Partner child;
    private String url;
    private Api.Reply before;

    @BeforeEach
    void makeAChild() {
        child = partner.newPartner(",\"contact_email\":\"a@b.example\",\"max_tenants\":5");
        url = PARTNERS + child.id;
        before = partner.admin.get(url).expect(200);
    }

    private void assertUnchanged() {
        Api.Reply now = partner.admin.get(url).expect(200);
        assertThat(now.body()).isEqualTo(before.body());
        assertThat(now.header("ETag")).isEqualTo(before.header("ETag"));
        assertThat(partner.entries(UPDATES)).isEmpty();
    }

    @Test
    void put_mergesAndIsAuditedWithWhatChangedOnly() {
        Api.Reply reply = partner.admin
                .with("X-Request-Id", "req-put")
                .put(url, "{\"name\":\"Renamed\",\"max_tenants\":9.0,\"status\":\"active\"}")
                .expect(200);
        assertThat(reply.data().path("name").asText()).isEqualTo("Renamed");
        assertThat(reply.data().path("max_tenants").asInt()).isEqualTo(9);
        for (String kept :
                List.of("slug", "scaikey_partner_id", "status", "contact_email", "created_at", "tenant_count")) {
            assertThat(reply.data().path(kept)).as(kept).isEqualTo(before.data().path(kept));
        }
        assertThat(reply.header("ETag")).isNotEqualTo(before.header("ETag"));
        assertThat(partner.admin.get(url).expect(200).data()).isEqualTo(reply.data());
        JsonNode entries = partner.entries(UPDATES);
        assertThat(entries).hasSize(1);
        JsonNode entry = entries.get(0);
        assertThat(entry.path("chain").asText()).isEqualTo("partner:" + child.id);
        assertThat(entry.path("partner_id").asText()).isEqualTo(child.id);
        assertThat(entry.path("resource_type").asText()).isEqualTo("partner");
        assertThat(entry.path("resource_id").asText()).isEqualTo(child.id);
        assertThat(entry.path("actor_id").asText()).isEqualTo("partner-admin");
        assertThat(entry.path("request_id").asText()).isEqualTo("req-put");
        assertThat(entry.path("changes")).isEqualTo(TenantLog.json("""
            {"before":{"name":"Partner","max_tenants":5},"after":{"name":"Renamed","max_tenants":9}}\
            """));
    }

    @Test
    void put_clearsWhatIsNull() {
        JsonNode data = partner.admin
                .put(url, "{\"contact_email\":null,\"max_tenants\":null}")
                .expect(200)
                .data();
        assertThat(data.path("contact_email").isNull()).isTrue();
        assertThat(data.path("max_tenants").isNull()).isTrue();
        assertThat(partner.entries(UPDATES).get(0).path("changes")).isEqualTo(TenantLog.json("""
            {"before":{"contact_email":"a@b.example","max_tenants":5},"after":{"contact_email":null,"max_tenants":null}}\
            """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\":\"Partner\"}", "{\"max_tenants\":5.0,\"status\":\"active\"}"})
    void put_ofNothingNewWritesNoEntry(String body) {
        partner.admin.put(url, body).expect(200);
        partner.admin.put(url + "?dry_run=true", body).expect(200);
        assertUnchanged();
    }

    @Test
    void put_rehearsedShowsTheEntryAndChangesNothing() {
        Api.Reply reply = partner.admin
                .put(url + "?dry_run=true", "{\"status\":\"suspended\"}")
                .expect(200);
        assertThat(reply.data().path("status").asText()).isEqualTo("suspended");
        assertThat(reply.meta().path("dry_run").asBoolean()).isTrue();
        assertThat(reply.meta().at("/audit_entry/chain").asText()).isEqualTo("partner:" + child.id);
        assertThat(reply.meta().at("/audit_entry/changes")).isEqualTo(TenantLog.json("""
            {"before":{"status":"active"},"after":{"status":"suspended"}}\
            """));
        assertThat(partner.admin
                        .put(url + "?dry_run=true", "{}")
                        .expect(200)
                        .meta()
                        .path("audit_entry")
                        .isNull())
                .isTrue();
        assertUnchanged();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'slug':null} | /slug",
                "{'name':''} | /name",
                "{'status':null} | /status",
                "{'status':'gone'} | /status",
                "{'scaikey_partner_id':null} | /scaikey_partner_id",
                "{'max_tenants':'5'} | /max_tenants",
                "{'max_tenants':9007199254740992} | /max_tenants",
                "{'contact_email':'a'} | /contact_email",
                "{'lineage':[]} | /lineage",
                "{'version':9} | /version"
            })
    void put_refusesWhatTheContractDoesNotAllow(String body, String field) {
        Api.Reply reply = partner.admin.put(url, body.replace('\'', '"')).expect(422, "SW_VALIDATION_FAILED");
        assertThat(reply.fields()).contains(field);
        assertUnchanged();
    }

    @Test
    void put_refusesATakenSlugOrScaiKeyId() {
        String taken = partner.admin
                .get(PARTNERS + partner.id)
                .expect(200)
                .data()
                .path("slug")
                .asText();
        for (String at : List.of(url, url + "?dry_run=true")) {
            assertThat(partner.admin
                            .put(at, "{\"slug\":\"%s\"}".formatted(taken))
                            .expect(409, "SW_PARTNER_SLUG_TAKEN")
                            .fields())
                    .containsExactly("/slug");
            assertThat(partner.admin
                            .put(at, "{\"scaikey_partner_id\":\"%s\"}".formatted(partner.scaiKeyId))
                            .expect(409, "SW_PARTNER_ALREADY_LINKED")
                            .fields())
                    .containsExactly("/scaikey_partner_id");
        }
        assertUnchanged();
    }

    @Test
    void put_answersAPartnerOutOfReachAsIfItWereNotThere() {
        TestServer.Partner other = server.newPartner();
        for (Api.Reply reply : List.of(
                other.admin.put(url, "{\"name\":\"Mine\"}"),
                child.admin.put(PARTNERS + partner.id, "{\"name\":\"Mine\"}"),
                other.admin.with("If-Match", "\"99\"").put(url, "{\"name\":\"Mine\"}"),
                server.superAdmin().put(PARTNERS + UUID.randomUUID(), "{\"name\":\"Mine\"}"))) {
            reply.expect(404, "SW_PARTNER_NOT_FOUND");
        }
        assertUnchanged();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"max_tenants\":6}",
                "{\"max_tenants\":null}",
                "{\"status\":\"suspended\"}",
                "{\"scaikey_partner_id\":\"another\"}",
                "{\"name\":\"Mine\",\"max_tenants\":9007199254740991}"
            })
    void put_ofAPartnerAdminMayNotLiftTheirOwnLimits(String body) {
        child.admin.put(url, body).expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        child.admin.put(url + "?dry_run=true", body).expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        child.admin.with("If-Match", "\"99\"").put(url, body).expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        assertUnchanged();
        partner.admin.put(url, body).expect(200);
        assertThat(partner.entries(UPDATES)).hasSize(1);
    }

    @Test
    void put_ofAPartnerAdminMaySendTheirOwnLimitsAsTheyAre() {
        String body =
                "{\"name\":\"Mine\",\"slug\":\"%s\",\"contact_email\":null,\"max_tenants\":5,\"status\":\"active\",\"scaikey_partner_id\":\"%s\"}"
                        .formatted(TestServer.unique("mine"), child.scaiKeyId);
        child.admin.put(url, body).expect(200);
        assertThat(child.entries(UPDATES)
                        .get(0)
                        .at("/changes/after")
                        .propertyStream()
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("name", "slug", "contact_email");
    }

    @Test
    void put_withAVersionChangesThatVersionOnly() {
        String tag = before.header("ETag");
        for (String stale : List.of("\"99\"", "W/" + tag, "\"nonsense\"", "\"98\", \"99\"")) {
            partner.admin
                    .with("If-Match", stale)
                    .put(url, "{\"name\":\"Stale\"}")
                    .expect(412, "SW_PRECONDITION_FAILED");
        }
        partner.admin
                .with("If-None-Match", "*")
                .put(url, "{\"name\":\"Stale\"}")
                .expect(412, "SW_PRECONDITION_FAILED");
        assertUnchanged();
        String next = partner.admin
                .with("If-Match", "\"99\", " + tag)
                .put(url, "{\"name\":\"A\"}")
                .expect(200)
                .header("ETag");
        partner.admin.with("If-Match", tag).put(url, "{\"name\":\"B\"}").expect(412, "SW_PRECONDITION_FAILED");
        partner.admin.with("If-Match", next).put(url, "{\"name\":\"B\"}").expect(200);
        partner.admin.with("If-Match", "*").put(url, "{\"name\":\"C\"}").expect(200);
        assertThat(partner.entries(UPDATES)).hasSize(3);
    }

    @Test
    void put_ofOneVersionInParallelSucceedsOnce() {
        Api sender = partner.admin.with("If-Match", before.header("ETag"));
        List<Api.Reply> replies = Parallel.many(i -> sender.put(url, "{\"name\":\"Number %d\"}".formatted(i)));
        assertThat(replies.stream().filter(reply -> reply.status() == 200)).hasSize(1);
        replies.stream()
                .filter(reply -> reply.status() != 200)
                .forEach(reply -> reply.expect(412, "SW_PRECONDITION_FAILED"));
        assertThat(partner.entries(UPDATES)).hasSize(1);
    }

    @Test
    void put_suspendsAtOnceAndLetsBackIn() {
        child.admin.get(url).expect(200);
        partner.admin.put(url, "{\"status\":\"suspended\"}").expect(200);
        child.admin.get(url).expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        child.admin.put(url, "{\"status\":\"active\"}").expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        partner.admin.put(url, "{\"status\":\"active\"}").expect(200);
        child.admin.get(url).expect(200);
    }
}
