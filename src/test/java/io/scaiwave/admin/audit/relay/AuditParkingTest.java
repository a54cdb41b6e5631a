package io.scaiwave.admin.audit.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** What cannot go on is parked where it can be seen, and the rest go on. */
class AuditParkingTest {
    private static final String TOPIC = "scaiwave.admin.audit.v1";
    private static final int RECORD_BYTES_MAX = 4_000;
    private static final int TOO_MANY_BYTES = 9_000;

    private final TestServer server = TestServer.mistreated();

    private JsonNode auditHealth() {
        for (JsonNode check : server.anonymous().get("/health/ready").body().path("checks")) {
            if (check.path("id").asText().equals("audit")) {
                return check.path("data");
            }
        }
        throw new AssertionError("health says nothing of the audit trail");
    }

    private void limitRecords(String bytes) throws Exception {
        try (Admin admin = Admin.create(
                Map.of("bootstrap.servers", server.platform().kafka().bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, TOPIC),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", bytes), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    /** Text that does not become smaller when it is compressed. */
    private static String noise() {
        byte[] bytes = new byte[TOO_MANY_BYTES];
        new Random(1).nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void anEntryTooLargeForTheTopic_isParkedAndTheRestGoOn() throws Exception {
        TestServer.Tenant tenant = server.newTenant();
        tenant.change("before").expect(200);
        limitRecords(Integer.toString(RECORD_BYTES_MAX));
        tenant.admin
                .put(
                        "/v1/admin/ai-config",
                        "{\"system_prompt_templates\": [{\"name\": \"n\", \"prompt\": \"%s\"}]}".formatted(noise()))
                .expect(200);
        tenant.admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        List<AuditTopic.Event> events =
                AuditTopic.read(server.platform().kafka().bootstrapServers(), tenant.chain, 2, Wait.SOON);
        assertThat(events)
                .extracting(event -> event.value().at("/data/seq").asInt())
                .startsWith(1)
                .doesNotContain(2);
        Wait.soonAsserted(() -> assertThat(Sql.texts(
                        server, "SELECT seq || ' ' || reason FROM audit_parked WHERE chain = ?", tenant.chain))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("2 ")
                .contains("RecordTooLarge"));
        assertThat(tenant.auditCount()).isEqualTo(3);
        assertThat(auditHealth().path("state").asText()).isEqualTo("degraded");
        assertThat(server.anonymous().get("/health/ready").status()).isEqualTo(200);
        limitRecords("8388608");
    }

    @Test
    void anEventThatTheLogDoesNotTake_isParkedAndTheRestGoOn() {
        TestServer.Tenant tenant = server.newTenant();
        // 1e400 is a number of JSON and of PostgreSQL, and has no canonical form.
        Sql.change(server, """
                INSERT INTO audit_outbox (chain, tenant_id, action, resource_id, changes, actor_id, actor_type)
                SELECT 'tenant:' || t, t, 'ai_config.update', 'x', jsonb_build_object('before', null, 'after',
                       CASE WHEN n = 3 THEN '{"n": 1e400}'::jsonb ELSE jsonb_build_object('n', n) END), 'x', 'system'
                FROM generate_series(1, 5) AS n, (SELECT ?::uuid AS t) AS tenant
                """, tenant.id);
        tenant.change("after").expect(200);
        server.settle();
        JsonNode log = tenant.admin.get("/v1/admin/audit").expect(200).data();
        assertThat(log.findValuesAsText("seq")).containsExactly("5", "4", "3", "2", "1");
        assertThat(Sql.texts(
                        server, "SELECT event #>> '{changes,after,n}' FROM audit_parked WHERE chain = ?", tenant.chain))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("1000");
    }

    @Test
    void metrics_tellHowFarTheTrailIsBehind() {
        TestServer.Tenant tenant = server.newTenant();
        tenant.change("one").expect(200);
        Wait.soonAsserted(() -> assertThat(server.metrics())
                .containsPattern("(?m)^audit_outbox_pending 0.0$")
                .containsPattern("(?m)^audit_outbox_oldest_age_seconds 0.0$")
                .containsPattern("(?m)^audit_published_total [1-9]")
                .containsPattern("(?m)^audit_publish_failures_total ")
                .containsPattern("(?m)^audit_parked "));
        server.platform().kafka().stop();
        tenant.change("two").expect(200);
        Wait.soonAsserted(() -> assertThat(server.metrics())
                .containsPattern("(?m)^audit_outbox_pending [1-9]")
                .containsPattern("(?m)^audit_outbox_oldest_age_seconds (0\\.[0-9]*[1-9]|[1-9])"));
        server.platform().kafka().startAgain();
        Wait.soonAsserted(() -> assertThat(server.metrics()).containsPattern("(?m)^audit_outbox_pending 0.0$"));
    }
}
