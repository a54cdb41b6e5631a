package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Old months go as a whole, after their chains' ends have been signed and published. */
class RetentionTest {
    private static TestServer server;
    private static CheckpointKeys keys;

    private final YearMonth month = YearMonth.now(ZoneOffset.UTC);

    @BeforeAll
    static void start() {
        server = TestServer.mistreated();
        keys = CheckpointKeys.of(
                new Secret(""), new Secret(server.platform().environment().get("SCAIWAVE_SECRET_KEYS")));
    }

    /** An event of that many months ago, as a transaction of then would have left it. */
    private static void event(TestServer.Tenant tenant, int monthsAgo, String name) {
        Sql.change(server, """
                INSERT INTO audit_outbox (created_at, chain, tenant_id, action, resource_id, changes, actor_id, actor_type)
                SELECT date_trunc('milliseconds', now() - make_interval(months => ?)), 'tenant:' || t, t, 'ai_config.update',
                       ?, '{"before": null, "after": {}}', 'x', 'system' FROM (SELECT ?::uuid AS t) AS tenant
                """, monthsAgo, name, tenant.id);
    }

    private static Retention.Dropped drop(YearMonth before, List<Checkpoint> published) throws SQLException {
        return drop(before, true, published);
    }

    private static Retention.Dropped drop(YearMonth before, boolean streaming, List<Checkpoint> published)
            throws SQLException {
        String owner = server.jdbc().replaceAll("user=[^&]+", "user=scaiwave_owner");
        try (Connection connection = DriverManager.getConnection(owner)) {
            return new Retention(connection, keys, streaming).dropBefore(before, published::addAll);
        }
    }

    @Test
    void oldMonths_goAndTheChainsGoOnFromASignedFloor() throws SQLException {
        // Their months have no partition yet: they are made for the events that wait.
        TestServer.Tenant tenant = server.newTenant();
        event(tenant, 3, "a");
        server.settle();
        event(tenant, 2, "b");
        server.settle();
        tenant.admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        server.settleWithKafka();
        JsonNode log = tenant.admin.get("/v1/admin/audit").expect(200).data();
        assertThat(log.findValuesAsText("seq")).containsExactly("3", "2", "1");

        List<Checkpoint> published = new ArrayList<>();
        Retention.Dropped dropped = drop(month, published);
        assertThat(dropped.partitions()).isNotEmpty().allMatch(name -> name.startsWith("audit_log_"));
        assertThat(dropped.floors()).isEqualTo(published).hasSize(1);
        Checkpoint floor = dropped.floors().get(0);
        assertThat(floor.chain()).isEqualTo("tenant:" + tenant.id);
        assertThat(floor.seq()).isEqualTo(2);
        assertThat(floor.hash()).isEqualTo(log.get(1).path("hash").asText());
        assertThat(keys.verifies(floor)).isTrue();

        JsonNode rest = tenant.admin.get("/v1/admin/audit").expect(200).data();
        assertThat(rest.findValuesAsText("seq")).containsExactly("3");
        assertThat(rest.get(0).path("prev_hash").asText()).isEqualTo(floor.hash());
        server.settle();
        assertThat(server.superAdmin()
                        .get("/v1/admin/audit?action=audit.retain")
                        .expect(200)
                        .data()
                        .findValuesAsText("actor_id"))
                .containsExactly("db:scaiwave_owner");
    }

    /** As too large for Kafka, of a time when there was one. */
    @Test
    void anEntryThatIsParked_isNeededWhileThereIsKafka_andGivenUpWithItsMonthElse() throws SQLException {
        TestServer.Tenant tenant = server.newTenant();
        event(tenant, 1, "parked");
        server.settleWithKafka();
        Sql.change(server, """
                INSERT INTO audit_parked (chain, reason, entry_id, seq, created_at)
                SELECT chain, 'too large', id, seq, created_at FROM audit_log WHERE chain = ?
                """, tenant.chain);
        assertThatThrownBy(() -> drop(month, new ArrayList<>()))
                .isInstanceOf(Retention.Refused.class)
                .hasMessageContaining("an entry is parked");
        assertThat(drop(month, false, new ArrayList<>()).floors())
                .extracting(Checkpoint::chain)
                .contains(tenant.chain);
        assertThat(Sql.texts(server, "SELECT chain FROM audit_parked WHERE chain = ?", tenant.chain))
                .isEmpty();
    }

    @Test
    void withoutTheTopicOfCheckpointsOrAnAnswer_nothingIsDropped_andOneSentenceSaysSo() {
        TestServer.Tenant tenant = server.newTenant();
        event(tenant, 1, "kept");
        server.settleWithKafka();
        String topic = "SCAIWAVE_AUDIT_CHECKPOINT_TOPIC";
        expectNothingDropped(Map.of(topic, "nobody.made.it"), "nobody.made.it");
        server.platform().kafka().freeze();
        try {
            expectNothingDropped(Map.of(), "scaiwave.admin.audit.checkpoints.v1");
        } finally {
            server.platform().kafka().wake();
        }
        assertThat(tenant.auditCount()).isEqualTo(1);
    }

    private void expectNothingDropped(Map<String, String> overrides, String topic) {
        Verb retain = retain(overrides, "--timeout=1");
        assertThat(retain.status()).isEqualTo(2);
        assertThat(retain.err())
                .contains("Kafka did not answer in time, or has no topic " + topic + ": nothing was dropped");
    }

    @Test
    void json_saysWhatWasDropped() {
        TestServer.Tenant tenant = server.newTenant();
        event(tenant, 1, "old");
        server.settleWithKafka();
        JsonNode dropped = retain(Map.of(), "--json").json();
        assertThat(dropped.fieldNames()).toIterable().containsExactly("months", "floors", "notes");
        assertThat(dropped.path("months")).isNotEmpty().allMatch(name -> name.asText()
                .startsWith("audit_log_"));
        assertThat(dropped.path("floors").asInt()).isPositive();
        assertThat(tenant.auditCount()).isZero();
        assertThat(retain(Map.of(), "--json").json().toString()).isEqualTo("{\"months\":[],\"floors\":0,\"notes\":[]}");
    }

    private Verb retain(Map<String, String> overrides, String option) {
        Map<String, String> environment = server.platform().environment();
        environment.putAll(overrides);
        return Verb.run(environment, "retain", "--before", month.toString(), option);
    }

    @Test
    void aMonthThatIsStillNeeded_isNotDropped() throws SQLException {
        TestServer.Tenant tenant = server.newTenant();
        server.platform().kafka().stop();
        event(tenant, 1, "unsent");
        server.settle();
        assertThatThrownBy(() -> drop(month, new ArrayList<>()))
                .isInstanceOf(Retention.Refused.class)
                .hasMessageContaining("not on Kafka yet");
        server.platform().kafka().startAgain();
        server.settleWithKafka();
        assertThatThrownBy(() -> drop(month.plusMonths(1), new ArrayList<>()))
                .isInstanceOf(Retention.Refused.class)
                .hasMessageContaining("months that are over");
        assertThat(tenant.auditCount()).isEqualTo(1);
    }
}
