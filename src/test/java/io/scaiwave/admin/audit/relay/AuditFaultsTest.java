package io.scaiwave.admin.audit.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the audit trail does while PostgreSQL or Kafka is away, on a platform of its own. */
class AuditFaultsTest {
    private final TestServer server = TestServer.mistreated();

    private static Api.Reply change(TestServer.Tenant tenant, int i) {
        return tenant.change("n" + i);
    }

    /** The names that the log says were set, oldest first. */
    private static List<String> logged(JsonNode entries) {
        List<String> names = new ArrayList<>();
        entries.forEach(entry -> names.add(
                0, entry.at("/changes/after/system_prompt_templates/0/name").asText()));
        return names;
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "n" + i).toList();
    }

    @Test
    void kafkaAway_requestsGoOnAndTheEventsArriveWhenItIsBack() {
        int count = 30;
        TestServer.Tenant tenant = server.newTenant();
        change(tenant, 0).expect(200);
        server.settle();
        server.platform().kafka().kill();
        for (int i = 1; i < count; i++) {
            change(tenant, i).expect(200);
        }
        server.settle();
        assertThat(logged(tenant.admin.get("/v1/admin/audit").expect(200).data()))
                .isEqualTo(names(count));
        assertThat(server.anonymous().get("/health/ready").status()).isEqualTo(200);
        server.platform().kafka().startAgain();
        List<AuditTopic.Event> events =
                AuditTopic.read(server.platform().kafka().bootstrapServers(), tenant.chain, count, Wait.SOON);
        assertThat(events)
                .extracting(event -> event.value().at("/data/seq").asInt())
                .startsWith(1)
                .isSorted()
                .containsAll(IntStream.rangeClosed(1, count).boxed().toList());
    }

    @Test
    void kafkaAway_aRestartedServerSendsWhatWasLeft() {
        int count = 5;
        TestServer.Tenant tenant = server.newTenant();
        server.platform().kafka().stop();
        for (int i = 0; i < count; i++) {
            change(tenant, i).expect(200);
        }
        server.restart();
        server.platform().kafka().startAgain();
        assertThat(AuditTopic.read(server.platform().kafka().bootstrapServers(), tenant.chain, count, Wait.SOON))
                .hasSizeGreaterThanOrEqualTo(count);
    }

    @Test
    void postgresAway_answers503AndRecoversWithoutARestart() {
        TestServer.Tenant tenant = server.newTenant();
        int acknowledged = 0;
        change(tenant, acknowledged++).expect(200);
        for (int round = 0; round < 3; round++) {
            server.platform().postgres().stopImmediately();
            Api.Reply refused = change(tenant, acknowledged).expect(503, "SW_UNAVAILABLE");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            tenant.admin.get("/v1/admin/ai-config").expect(503, "SW_UNAVAILABLE");
            assertThat(server.anonymous().get("/health/ready").status()).isEqualTo(503);
            assertThat(server.anonymous().get("/health/live").status()).isEqualTo(200);
            server.platform().postgres().startAgain();
            int next = acknowledged;
            Wait.soon(() -> change(tenant, next).status() == 200);
            acknowledged++;
        }
        server.settle();
        assertThat(logged(tenant.admin.get("/v1/admin/audit").expect(200).data()))
                .isEqualTo(names(acknowledged));
    }

    @Test
    void aTransactionHeldOpen_isNotSkipped() throws SQLException {
        TestServer.Tenant tenant = server.newTenant();
        try (Connection slow = DriverManager.getConnection(server.jdbc());
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            // Takes the lower outbox id, and commits after the higher ones have been drained.
            statement.execute("""
                    INSERT INTO audit_outbox (chain, tenant_id, action, resource_id, changes, actor_id, actor_type)
                    VALUES ('tenant:%1$s', '%1$s', 'ai_config.update', 'slow', '{"before": null, "after": {}}', 'slow', 'system')
                    """.formatted(tenant.id));
            for (int i = 0; i < 3; i++) {
                change(tenant, i).expect(200);
            }
            Wait.soon(() -> tenant.admin.get("/v1/admin/audit").data().size() == 3);
            slow.commit();
        }
        Wait.soon(() -> tenant.admin.get("/v1/admin/audit").data().size() == 4);
        JsonNode newest =
                tenant.admin.get("/v1/admin/audit?limit=1").expect(200).data().get(0);
        assertThat(newest.path("resource_id").asText()).isEqualTo("slow");
        assertThat(newest.path("seq").asInt()).isEqualTo(4);
    }

    @Test
    void theServersRole_cannotChangeOrRemoveAnEntry() throws SQLException {
        TestServer.Tenant tenant = server.newTenant();
        change(tenant, 0).expect(200);
        server.settle();
        String app = server.jdbc().replaceAll("user=[^&]+", "user=scaiwave_app");
        for (String url : List.of(app, server.jdbc())) {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                for (String sql : List.of(
                        "UPDATE audit_log SET actor_id = 'nobody'", "DELETE FROM audit_log", "TRUNCATE audit_log")) {
                    assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                            SQLException.class, () -> statement.execute(sql))
                                    .getSQLState())
                            .as("%s as %s", sql, url)
                            .isEqualTo("42501");
                }
            }
        }
    }
}
