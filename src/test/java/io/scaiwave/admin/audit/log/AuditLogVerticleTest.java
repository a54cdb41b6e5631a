package io.scaiwave.admin.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.TestServer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogVerticleTest {
    private static final String AUDIT = "/v1/admin/audit";
    private static final int CHANGES = 7;

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();

    @Test
    void list_isNewestFirstAndGapFree() {
        tenant.changes(CHANGES);
        JsonNode page = tenant.admin.get(AUDIT).expect(200).data();
        assertThat(page.findValuesAsText("seq")).containsExactly("7", "6", "5", "4", "3", "2", "1");
        assertThat(page.findValuesAsText("id")).isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(page.findValuesAsText("chain")).containsOnly("tenant:" + tenant.id);
    }

    @Test
    void list_namesWhoDidWhatFromWhere() {
        tenant.admin
                .with("X-Request-Id", "req-42")
                .with("User-Agent", "tests/1")
                .post("/v1/admin/models/scailar-pro/enable")
                .expect(200);
        JsonNode entry = tenant.audited("model.enable");
        assertThat(entry.path("actor_id").asText()).isEqualTo("admin");
        assertThat(entry.path("actor_type").asText()).isEqualTo("user");
        assertThat(entry.path("actor_name").asText()).isEqualTo("Ada Admin");
        assertThat(entry.path("resource_type").asText()).isEqualTo("model");
        assertThat(entry.path("resource_id").asText()).isEqualTo("scailar-pro");
        assertThat(entry.path("tenant_id").asText()).isEqualTo(tenant.id);
        assertThat(entry.path("partner_id").asText()).isEqualTo(tenant.partner.id);
        assertThat(entry.path("request_id").asText()).isEqualTo("req-42");
        assertThat(entry.path("user_agent").asText()).isEqualTo("tests/1");
        assertThat(entry.path("ip_address").asText()).isEqualTo("127.0.0.1");
        assertThat(entry.path("changes")).hasToString("{\"after\":{\"enabled\":true},\"before\":{\"enabled\":false}}");
    }

    @Test
    void list_pagesByCursorWhileNewEntriesArrive() {
        tenant.changes(CHANGES);
        List<String> seen = new ArrayList<>();
        Api.Reply page = tenant.admin.get(AUDIT + "?limit=3").expect(200);
        seen.addAll(page.data().findValuesAsText("seq"));
        tenant.changes(1);
        while (page.meta().path("has_more").asBoolean()) {
            page = tenant.admin
                    .get(AUDIT + "?limit=3&cursor="
                            + page.meta().path("next_cursor").asText())
                    .expect(200);
            seen.addAll(page.data().findValuesAsText("seq"));
        }
        assertThat(seen).containsExactly("7", "6", "5", "4", "3", "2", "1");
        assertThat(page.meta().path("next_cursor").isNull()).isTrue();
    }

    @Test
    void list_combinesItsFiltersByAnd() {
        tenant.changes(2);
        tenant.admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        tenant.as(Map.of("sub", "other", "role", "tenant_admin"))
                .post("/v1/admin/models/acme/enable/enable")
                .expect(200);
        server.settle();
        assertThat(ids("?resource_type=model")).containsExactly("acme/enable", "scailar-pro");
        assertThat(ids("?actor_id=other")).containsExactly("acme/enable");
        assertThat(ids("?actor_id=admin&resource_type=model")).containsExactly("scailar-pro");
        assertThat(ids("?resource_id=scailar-pro&action=model.enable")).containsExactly("scailar-pro");
        assertThat(ids("?resource_id=scailar-pro&action=model.disable")).isEmpty();
    }

    @Test
    void list_sinceIsInclusiveAndUntilExclusive() {
        tenant.changes(3);
        String middle = tenant.admin
                .get(AUDIT)
                .expect(200)
                .data()
                .get(1)
                .path("created_at")
                .asText();
        assertThat(seqs("?since=" + middle)).contains("3", "2").doesNotContain("1");
        assertThat(seqs("?until=" + middle)).contains("1").doesNotContain("2", "3");
        String elsewhere = OffsetDateTime.parse(middle)
                .withOffsetSameInstant(ZoneOffset.ofHours(2))
                .toString();
        assertThat(seqs("?since=" + elsewhere.replace("+", "%2B"))).isEqualTo(seqs("?since=" + middle));
        assertThat(seqs("?since=" + elsewhere)).isEqualTo(seqs("?since=" + middle));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=x",
                "since=yesterday",
                "since=2026-11-01T00:00:00",
                "until=2026-02-30T00:00:00Z",
                "cursor=nonsense",
                "cursor=%00",
                "action=",
                "order=asc"
            })
    void list_refusesBadParametersAndNamesThem(String query) {
        Api.Reply reply = tenant.admin.get(AUDIT + "?" + query).expect(422, "SW_VALIDATION_FAILED");
        assertThat(reply.fields()).containsOnly(query.replaceAll("=.*", ""));
    }

    @Test
    void list_showsATenantAdminOnlyHisChain() {
        tenant.changes(1);
        TestServer.Tenant other = tenant.partner.newTenant("");
        assertThat(other.admin.get(AUDIT).expect(200).data()).isEmpty();
    }

    @Test
    void list_showsAPartnerAdminHisFleetAndWithAHeaderOneTenant() {
        tenant.changes(1);
        TestServer.Tenant other = tenant.partner.newTenant("");
        other.admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        server.newTenant().admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        server.settle();
        assertThat(chains(tenant.partner.admin))
                .containsExactly(
                        "tenant:" + other.id,
                        "partner:" + tenant.partner.id,
                        "tenant:" + tenant.id,
                        "partner:" + tenant.partner.id);
        assertThat(chains(tenant.partner.admin.with("X-Tenant-Id", other.id))).containsExactly("tenant:" + other.id);
        assertThat(chains(server.superAdmin().with("X-Tenant-Id", tenant.id))).containsExactly("tenant:" + tenant.id);
        assertThat(chains(server.superAdmin())).contains("platform", "tenant:" + other.id);
    }

    @Test
    void entries_areHashedAsServedAndChained() throws Exception {
        tenant.changes(3);
        String before = "0".repeat(64);
        List<JsonNode> oldestFirst = new ArrayList<>();
        tenant.admin.get(AUDIT).expect(200).data().forEach(entry -> oldestFirst.add(0, entry));
        for (JsonNode entry : oldestFirst) {
            ObjectNode hashed = entry.deepCopy();
            hashed.remove("hash");
            byte[] canonical = new JsonCanonicalizer(hashed.toString()).getEncodedUTF8();
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
            assertThat(entry.path("hash").asText()).isEqualTo(hash);
            assertThat(entry.path("prev_hash").asText()).isEqualTo(before);
            before = hash;
        }
    }

    @Test
    void entries_areTheSameOnKafkaAsCloudEvents() {
        tenant.changes(3);
        List<JsonNode> oldestFirst = new ArrayList<>();
        tenant.admin.get(AUDIT).expect(200).data().forEach(entry -> oldestFirst.add(0, entry));
        List<AuditTopic.Event> events = AuditTopic.read(
                server.platform().kafka().bootstrapServers(), "tenant:" + tenant.id, 3, Duration.ofSeconds(20));
        assertThat(events).extracting(event -> event.value().path("data")).containsExactlyElementsOf(oldestFirst);
        JsonNode first = events.get(0).value();
        JsonNode entry = oldestFirst.get(0);
        assertThat(events.get(0).headers()).containsEntry("content-type", "application/cloudevents+json");
        assertThat(first.path("specversion").asText()).isEqualTo("1.0");
        assertThat(first.path("id")).isEqualTo(entry.path("id"));
        assertThat(first.path("type").asText()).isEqualTo("io.scaiwave.admin.ai_config.update");
        assertThat(first.path("source").asText()).isEqualTo("/localhost");
        assertThat(first.path("subject").asText()).isEqualTo("ai_config/" + tenant.id);
        assertThat(events).allSatisfy(event -> assertThat(event.value().path("time"))
                .isEqualTo(event.value().at("/data/created_at")));
        assertThat(first.path("tenantid").asText()).isEqualTo(tenant.id);
        assertThat(first.path("sequence").asText()).isEqualTo("00000000000000000001");
    }

    private List<String> ids(String query) {
        return tenant.admin.get(AUDIT + query).expect(200).data().findValuesAsText("resource_id");
    }

    private List<String> seqs(String query) {
        return tenant.admin.get(AUDIT + query).expect(200).data().findValuesAsText("seq");
    }

    private static List<String> chains(Api api) {
        return api.get(AUDIT).expect(200).data().findValuesAsText("chain");
    }
}
