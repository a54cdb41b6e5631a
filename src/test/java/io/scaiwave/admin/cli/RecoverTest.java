package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.audit.entry.HashChain;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that was set back to an older state: its chains are not forked, and get their entries back from the topic. */
class RecoverTest {
    private static final int LAST = 21;
    private static final int SIGNED = 25;
    private static final String STRANGERS = "strangers.checkpoints";
    private static final Duration SENT = Duration.ofSeconds(30);

    private final TestServer server = TestServer.mistreated();
    private final Map<String, String> environment = server.platform().environment();
    private final TestServer.Tenant restored = server.newTenant();
    private final TestServer.Tenant shortened = server.newTenant();
    private final TestServer.Tenant other = server.newTenant();

    /** As a backup has it that was made when the second event had not yet joined the log. */
    private void restore(TestServer.Tenant tenant) {
        Sql.change(server, """
                INSERT INTO audit_outbox (chain, tenant_id, partner_id, actor_id, actor_type, actor_name, ip_address, user_agent,
                    request_id, action, resource_id, changes)
                SELECT chain, tenant_id, partner_id, actor_id, actor_type, actor_name, ip_address, user_agent, request_id, action,
                    resource_id, changes FROM audit_log WHERE chain = '%s' AND seq = 2
                """.formatted(tenant.chain));
        Sql.change(server, """
                DO $$ BEGIN
                    PERFORM set_config('session_replication_role', 'replica', true);
                    DELETE FROM audit_log WHERE chain = '%s' AND seq > 1;
                END $$""".formatted(tenant.chain));
        Sql.change(server, """
                UPDATE audit_chain c SET seq = l.seq, hash = l.hash, last_id = l.id, last_at = l.created_at
                FROM audit_log l WHERE l.chain = '%1$s' AND l.seq = 1 AND c.chain = '%1$s'
                """.formatted(tenant.chain));
        Sql.change(server, "DELETE FROM audit_checkpoints WHERE chain = '%s'".formatted(tenant.chain));
    }

    /** A head of the future, as the server would have signed it. */
    private void signHead(TestServer.Tenant tenant) {
        Checkpoint head = CheckpointKeys.of(
                        new Secret(environment.getOrDefault("SCAIWAVE_AUDIT_SIGNING_KEYS", "")),
                        new Secret(environment.get("SCAIWAVE_SECRET_KEYS")))
                .sign(tenant.chain, Checkpoint.HEAD, SIGNED, "ab".repeat(32));
        Sql.change(
                server,
                "UPDATE audit_checkpoints SET seq = ?, hash = ?, signed_at = ?, key_id = ?, signature = ?, published = false"
                        + " WHERE chain = ?",
                head.seq(),
                head.hash(),
                OffsetDateTime.parse(head.signedAt().toString()),
                head.keyId(),
                head.signature(),
                tenant.chain);
    }

    private void awaitPublished(TestServer.Tenant tenant, int seq) {
        Wait.soon(
                () -> Sql.texts(server, "SELECT seq FROM audit_checkpoints WHERE published AND chain = ?", tenant.chain)
                        .equals(List.of(Integer.toString(seq))));
    }

    private List<String> log(TestServer.Tenant tenant) {
        return Sql.texts(server, "SELECT seq FROM audit_log WHERE chain = ? ORDER BY seq", tenant.chain);
    }

    private List<String> actions(TestServer.Tenant tenant, int after) {
        return Sql.texts(
                server,
                "SELECT action FROM audit_log WHERE chain = ? AND seq > %d ORDER BY seq".formatted(after),
                tenant.chain);
    }

    /** By the port of the server that runs now. */
    private Api admin(TestServer.Tenant tenant) {
        return server.as(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
    }

    private String trouble() {
        for (JsonNode check : server.anonymous().get("/health").body().path("checks")) {
            if (check.path("id").asText().equals("audit")) {
                return check.at("/data/problems").toString();
            }
        }
        return "";
    }

    private Verb recover(TestServer.Tenant tenant, String... options) {
        String[] arguments = new String[options.length + 3];
        System.arraycopy(new String[] {"recover", "--tenant", tenant.id}, 0, arguments, 0, 3);
        System.arraycopy(options, 0, arguments, 3, options.length);
        return Verb.run(environment, arguments);
    }

    private Verb verify(TestServer.Tenant tenant, String... options) {
        String[] arguments = new String[options.length + 4];
        System.arraycopy(new String[] {"verify", "--db", "--tenant", tenant.id}, 0, arguments, 0, 4);
        System.arraycopy(options, 0, arguments, 4, options.length);
        return Verb.run(environment, arguments);
    }

    private void makeTopic(String name) {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", environment.get("SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS")))) {
            assertThat(admin.createTopics(List.of(new NewTopic(name, 1, (short) 1)))
                            .all()
                            .toCompletionStage()
                            .toCompletableFuture())
                    .succeedsWithin(SENT);
        }
    }

    /** As somebody who may write to the topics does. */
    private void send(String topic, String key, String value) {
        try (Producer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", environment.get("SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS")),
                new StringSerializer(),
                new StringSerializer())) {
            assertThat(producer.send(new ProducerRecord<>(topic, key, value))).succeedsWithin(SENT);
        }
    }

    private void sendEntry(String chain, Map<String, Object> members) {
        send("scaiwave.admin.audit.v1", chain, "{\"data\":" + Json.text(members) + "}");
    }

    private static Map<String, Object> forged(String chain, long seq) {
        Map<String, Object> members = new HashMap<>();
        members.put("chain", chain);
        members.put("seq", seq);
        members.put("prev_hash", "cd".repeat(32));
        members.put("hash", "ab".repeat(32));
        return members;
    }

    @BeforeEach
    void restore() {
        restored.changes(LAST);
        shortened.changes(LAST);
        other.changes(1);
        Map<String, Object> early = forged(restored.chain, 2);
        early.put("hash", HashChain.hash(early));
        sendEntry(restored.chain, early);
        server.settleWithKafka();
        awaitPublished(restored, LAST);
        awaitPublished(shortened, LAST);
        signHead(shortened);
        awaitPublished(shortened, SIGNED);
        server.restart(
                () -> {
                    restore(restored);
                    restore(shortened);
                },
                Map.of("SCAIWAVE_AUDIT_COMPARE_WAIT_MS", "60000"));
    }

    /** What waits in the outbox behind a chain that is not continued would hold up the tests after this one. */
    @AfterEach
    void goOn() {
        recover(restored, "--accept-loss");
        recover(shortened, "--accept-loss");
    }

    @Test
    void aRestoredDatabase_forksNoChain_andGetsItsEntriesBack() {
        TestServer.change(admin(restored), "after the restore").expect(200);
        TestServer.change(admin(shortened), "after the restore").expect(200);
        TestServer.change(admin(other), "one").expect(200);
        Wait.soon(() -> log(other).size() == 2);
        assertThat(log(restored)).containsExactly("1");
        assertThat(trouble()).contains("restored");
        assertThat(Sql.texts(server, "SELECT seq FROM audit_checkpoints WHERE chain = ?", restored.chain))
                .isEmpty();

        Verb plan = recover(restored, "--dry-run");
        assertThat(plan.out())
                .contains(restored.chain + ": entries 2 to 21")
                .contains("20 entries would be brought back; 0 chains");
        assertThat(plan.status()).isZero();
        expectTold(recover(restored, "--dry-run", "--json").json(), true, 20, 0, "entries 2 to 21");
        assertThat(log(restored)).containsExactly("1");

        Verb done = recover(restored);
        assertThat(done.out()).as(done.err()).contains("20 entries were brought back; 0 chains");
        Wait.soon(() -> log(restored).size() == LAST + 2);
        assertThat(actions(restored, LAST)).containsExactlyInAnyOrder("ai_config.update", "audit.recover");
        verify(restored).expectWhole();
        assertThat(recover(restored).out()).startsWith("0 entries were brought back; 0 chains");

        Verb lacking = recover(shortened);
        assertThat(lacking.status()).isEqualTo(1);
        assertThat(lacking.out()).contains(shortened.chain + ": entries 22 to 25 are nowhere; see --accept-loss");
        Verb lackingStill = recover(shortened, "--json");
        assertThat(lackingStill.status()).isEqualTo(1);
        expectTold(lackingStill.json(), false, 0, 1, "entries 22 to 25 are nowhere; see --accept-loss");
        assertThat(recover(shortened, "--accept-loss").status()).isZero();
        Wait.soon(() -> log(shortened).size() == LAST + 3);
        assertThat(log(shortened)).contains("21", "26").doesNotContain("22", "25");
        verify(shortened).expectFault(shortened.chain + ", seq 22: lost in a restore, as entry ");
        Verb accepted = verify(shortened, "--accept-losses");
        accepted.expectWhole();
        assertThat(accepted.out()).contains("seq 22: the entries 22 to 25 are missing, as entry ");
        Wait.soon(() -> !trouble().contains("restored"));
    }

    private static void expectTold(JsonNode told, boolean dry, int recovered, int shorter, String line) {
        assertThat(told.fieldNames())
                .toIterable()
                .containsExactly("dry_run", "recovered", "shorter", "chains", "line_count", "notes");
        assertThat(told.path("dry_run").asBoolean()).isEqualTo(dry);
        assertThat(told.path("recovered").asInt()).isEqualTo(recovered);
        assertThat(told.path("shorter").asInt()).isEqualTo(shorter);
        assertThat(told.path("chains").toString()).startsWith("[\"tenant:").endsWith(": " + line + "\"]");
        assertThat(told.path("line_count").asInt()).isEqualTo(1);
    }

    @Test
    void strangersRecords_holdNothingUp() {
        sendEntry(other.chain, forged(other.chain, 999));
        server.restart(() -> {}, Map.of("SCAIWAVE_AUDIT_COMPARE_WAIT_MS", "60000"));
        TestServer.change(admin(other), "two").expect(200);
        Wait.soon(() -> log(other).size() == 2);

        makeTopic(STRANGERS);
        for (String value : List.of("null", "[]", "garbage", "{\"kind\": \"head\"}")) {
            send(STRANGERS, "stranger", value);
        }
        Map<String, String> strangers = new HashMap<>(environment);
        strangers.put("SCAIWAVE_AUDIT_CHECKPOINT_TOPIC", STRANGERS);
        Verb plan = Verb.run(strangers, "recover", "--dry-run", "--tenant", restored.id);
        assertThat(plan.status()).as(plan.err()).isZero();
        assertThat(plan.out()).contains(restored.chain + ": entries 2 to 21");
        assertThat(plan.err()).contains("note: passed over: ");
        Verb verify = Verb.run(strangers, "verify", "--kafka", "--tenant", restored.id);
        assertThat(verify.status()).as(verify.err()).isNotEqualTo(2);
        assertThat(verify.err()).contains("note: passed over: ");
    }

    @Test
    void headsThatCannotBeChecked_areNoProofThatAllIsThere() {
        Map<String, String> others = new HashMap<>(environment);
        others.put("SCAIWAVE_AUDIT_SIGNING_KEYS", "other:" + "A".repeat(43) + "=");
        Verb plan = Verb.run(others, "recover", "--dry-run", "--tenant", shortened.id);
        assertThat(plan.status()).isEqualTo(1);
        assertThat(plan.out())
                .contains(shortened.chain + ": its head on the checkpoint topic is entry 25")
                .contains("1 chains are shorter");
    }
}
