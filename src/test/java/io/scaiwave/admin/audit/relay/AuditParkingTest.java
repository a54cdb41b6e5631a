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
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot go on is parked where it can be seen, and the rest go on. */
class AuditParkingTest {
    private static final String TOPIC = "scaiwave.admin.audit.v1";
    private static final int RECORD_BYTES_MAX = 4_000;
    private static final int TOO_MANY_BYTES = 9_000;
    private static final long AT_ONCE_SECONDS = 2;
    private static final long REFUSED_MS = 500;
    private static final int ONE_BATCH = 500;

    private final TestServer server = TestServer.mistreated();

    private static JsonNode auditHealth(TestServer node) {
        for (JsonNode check : node.anonymous().get("/health/ready").body().path("checks")) {
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
        assertThat(auditHealth(server).path("state").asText()).isEqualTo("degraded");
        assertThat(server.anonymous().get("/health/ready").status()).isEqualTo(200);
        limitRecords("1048588");
    }

    @Test
    void aTopicThatTakesLessThanAnEntryMayNeed_showsInHealth() throws Exception {
        String topic = TestServer.unique("small");
        try (Admin admin = Admin.create(
                Map.of("bootstrap.servers", server.platform().kafka().bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())
                            .configs(Map.of("max.message.bytes", "500000"))))
                    .all()
                    .get();
        }
        try (TestServer node = server.beside(Map.of("SCAIWAVE_AUDIT_TOPIC", topic))) {
            Wait.soonAsserted(
                    () -> assertThat(auditHealth(node).path("problems").path(0).asText())
                            .isEqualTo("topic"));
            assertThat(auditHealth(node).path("state").asText()).isEqualTo("degraded");
        }
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

    /** Makes the log refuse the entries of one request with that error. */
    private void refuse(String requestId, String state) {
        Sql.change(server, """
                CREATE OR REPLACE FUNCTION refuse_in_test() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '%s'; END $$""".formatted(state));
        Sql.change(server, """
                CREATE OR REPLACE TRIGGER refuse_in_test BEFORE INSERT ON audit_log FOR EACH ROW
                WHEN (NEW.request_id = '%s') EXECUTE FUNCTION refuse_in_test()""".formatted(requestId));
    }

    private void accept() {
        Sql.change(server, "DROP TRIGGER refuse_in_test ON audit_log");
    }

    private static List<String> parked(TestServer server, TestServer.Tenant tenant) {
        return Sql.texts(server, "SELECT event ->> 'request_id' FROM audit_parked WHERE chain = ?", tenant.chain);
    }

    /** Index row too large, internal error, an error of nobody's, no privilege: none of them says that the event is at fault. */
    @ParameterizedTest
    @ValueSource(strings = {"54000", "XX000", "ZZ999", "42501"})
    void anEventThatFailsAlone_isParked_whateverTheError(String state) {
        TestServer.Tenant tenant = server.newTenant();
        TestServer.Tenant other = server.newTenant();
        String poison = TestServer.unique("poison");
        refuse(poison, state);
        try {
            TestServer.change(tenant.admin.with("X-Request-Id", poison), "one").expect(200);
            tenant.change("two").expect(200);
            other.change("three").expect(200);
            assertThat(Wait.within(AT_ONCE_SECONDS, () -> Sql.texts(server, "SELECT id FROM audit_outbox")
                            .isEmpty()))
                    .isTrue();
            assertThat(tenant.auditCount()).isEqualTo(1);
            assertThat(other.auditCount()).isEqualTo(1);
            assertThat(parked(server, tenant)).containsExactly(poison);
        } finally {
            accept();
        }
        server.restart();
        Wait.soonAsserted(() -> assertThat(Sql.texts(
                        server, "SELECT request_id FROM audit_log WHERE chain = ? ORDER BY id DESC", tenant.chain))
                .hasSize(2)
                .startsWith(poison));
        assertThat(parked(server, tenant)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"53100", "57014", "40001", "55P03", "25006"})
    void anEventThatFailsForAWhile_isNotParked(String state) {
        TestServer.Tenant tenant = server.newTenant();
        String late = TestServer.unique("late");
        refuse(late, state);
        TestServer.change(tenant.admin.with("X-Request-Id", late), "one").expect(200);
        Wait.pause(REFUSED_MS);
        accept();
        Wait.soonAsserted(() -> assertThat(tenant.auditCount()).isEqualTo(1));
        assertThat(parked(server, tenant)).isEmpty();
    }

    @Test
    void aChainWithMuchToAppend_doesNotHoldUpAnother() {
        TestServer.Tenant busy = server.newTenant();
        TestServer.Tenant other = server.newTenant();
        Sql.change(server, """
                INSERT INTO audit_outbox (chain, tenant_id, action, resource_id, changes, actor_id, actor_type)
                SELECT 'tenant:' || t, t, 'ai_config.update', 'x', '{"before": null, "after": {}}', 'x', 'system'
                FROM (SELECT n, CASE WHEN n <= 3000 THEN ?::uuid ELSE ?::uuid END AS t
                      FROM generate_series(1, 3001) AS n) AS events ORDER BY n
                """, busy.id, other.id);
        server.settle();
        String before = """
                SELECT count(*) FROM audit_log WHERE chain = ? AND id < (SELECT id FROM audit_log WHERE chain = ?)""";
        assertThat(Integer.parseInt(
                        Sql.texts(server, before, busy.chain, other.chain).get(0)))
                .isLessThan(ONE_BATCH);
    }

    @Test
    void aLogThatTakesNothing_parksNothing() {
        TestServer.Tenant tenant = server.newTenant();
        Sql.change(server, "REVOKE INSERT ON audit_unsent FROM scaiwave_app");
        try {
            tenant.change("one").expect(200);
            Wait.pause(REFUSED_MS);
        } finally {
            Sql.change(server, "GRANT INSERT ON audit_unsent TO scaiwave_app");
        }
        Wait.soonAsserted(() -> assertThat(tenant.auditCount()).isEqualTo(1));
        assertThat(parked(server, tenant)).isEmpty();
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
