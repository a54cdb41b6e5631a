package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The database against the topic, and the topic mended from the database. */
class ReconcileTest {
    private static final int COUNT = 6;

    private static TestServer server;
    private static Map<String, String> environment;

    private final TestServer.Tenant tenant = server.newTenant();
    private final String chain = "tenant:" + tenant.id;

    @BeforeAll
    static void start() {
        server = TestServer.shared();
        environment = server.platform().environment();
    }

    private void change(int count) {
        tenant.changes(count);
        server.settleWithKafka();
    }

    /** Entries that were never sent, put into the log by a superuser: copies of others under seqs of their own. */
    private void addUnsent(int first, int count) throws SQLException {
        superuser("""
                INSERT INTO audit_log SELECT (jsonb_populate_record(l, jsonb_build_object('id', uuidv7(), 'seq', %d + n))).*
                FROM audit_log l, generate_series(0, %d) n WHERE l.seq = %d AND chain = '%s'
                """.formatted(first, count - 1, COUNT, chain));
    }

    private static void superuser(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbc());
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
        }
    }

    private Verb reconcile(String... range) {
        String[] arguments = new String[range.length + 3];
        System.arraycopy(new String[] {"reconcile", "--tenant", tenant.id}, 0, arguments, 0, 3);
        System.arraycopy(range, 0, arguments, 3, range.length);
        return Verb.run(environment, arguments);
    }

    private static void expect(Verb verb, int status, String... lines) {
        assertThat(verb.lines()).as(verb.err()).startsWith(lines).hasSize(lines.length + 1);
        assertThat(verb.status()).isEqualTo(status);
    }

    @Test
    void aTrace_isNoDifference() {
        String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        TestServer.change(tenant.admin.with("traceparent", traceparent), "traced")
                .expect(200);
        server.settleWithKafka();
        assertThat(reconcile().status()).isZero();
        assertThat(Verb.run(environment, "verify", "--kafka", "--tenant", tenant.id)
                        .status())
                .isZero();
    }

    @Test
    void equal_isSaidWithTheCounts() {
        change(COUNT);
        expect(reconcile(), 0, "equal");
        assertThat(reconcile().out()).contains("6 entries in the database, 6 on the topic, 0 of them repeats");
        assertThat(reconcile("--from", "2", "--to", "3").out()).contains("2 entries in the database, 2 on the topic");
    }

    @Test
    void whatTheTopicLacks_isNamedByItsReason() throws SQLException {
        change(COUNT);
        addUnsent(COUNT + 1, 5);
        expect(reconcile(), 1, "NOT EQUAL", chain + ", seq 7-11: not on the topic");
        JsonNode said = reconcile("--json").json();
        assertThat(said.path("differences").path(0).path("from").asLong())
                .as(said.toString())
                .isEqualTo(7);
        assertThat(said.path("differences").path(0).path("to").asLong()).isEqualTo(11);
        expect(reconcile("--to", "6"), 0, "equal");
        Sql.change(server, """
                INSERT INTO audit_parked (chain, reason, entry_id, seq, created_at)
                SELECT chain, 'too large', id, seq, created_at FROM audit_log WHERE chain = ? AND seq = 9
                """, chain);
        expect(
                reconcile(),
                1,
                "NOT EQUAL",
                chain + ", seq 7-8: not on the topic",
                chain + ", seq 9: not on the topic: parked, too large",
                chain + ", seq 10-11: not on the topic");
    }

    @Test
    void whatTheDatabaseLacksOrHasOtherwise_isNamed() throws SQLException {
        change(COUNT);
        superuser("DELETE FROM audit_log WHERE seq IN (2, 3, 6) AND chain = '%s'".formatted(chain));
        superuser("UPDATE audit_log SET actor_id = 'x' WHERE seq = 5 AND chain = '%s'".formatted(chain));
        expect(
                reconcile(),
                1,
                "NOT EQUAL",
                chain + ", seq 5: differs",
                chain + ", seq 2-3: not in the database",
                chain + ", seq 6: not in the database");
    }

    @Test
    void replay_sendsTheRangeAgainMarkedAndAudited() {
        change(COUNT);
        Verb replay = Verb.run(environment, "replay", "--tenant", tenant.id, "--from", "2", "--to", "4");
        assertThat(replay.status()).as(replay.err()).isZero();
        assertThat(replay.lines()).containsExactly(chain + ", seq 2-4", "3 entries sent again, 0 refused");
        JsonNode entry = tenant.audited("audit.replay");
        assertThat(entry.path("actor_id").asText()).isEqualTo("db:scaiwave_app");
        assertThat(entry.path("actor_name").asText()).isEqualTo("claims to be " + System.getProperty("user.name"));
        assertThat(entry.path("actor_type").asText()).isEqualTo("system");
        assertThat(entry.path("resource_id").asText()).isEqualTo(tenant.id);
        assertThat(entry.path("partner_id").asText()).isEqualTo(tenant.partner.id);
        assertThat(entry.path("changes")).hasToString("{\"after\":{\"to\":4,\"from\":2},\"before\":null}");
        server.settleWithKafka();
        List<AuditTopic.Event> events =
                AuditTopic.read(environment.get("SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS"), chain, COUNT + 4, Wait.SOON);
        List<AuditTopic.Event> again = events.stream()
                .filter(event -> event.value().path("replay").asBoolean())
                .toList();
        assertThat(again)
                .extracting(event -> event.value().at("/data/seq").asInt())
                .containsExactly(2, 3, 4);
        assertThat(again).allSatisfy(event -> assertThat(event.headers())
                .containsEntry("replay", "true")
                .containsEntry("content-type", "application/cloudevents+json"));
        assertThat(again.get(0).value().path("data"))
                .isEqualTo(events.get(1).value().path("data"));
        assertThat(again.get(0).value().path("id"))
                .isEqualTo(events.get(1).value().path("id"));
        assertThat(reconcile().out())
                .startsWith("equal")
                .contains("7 entries in the database, 10 on the topic, 3 of them repeats");
        assertThat(Verb.run(environment, "verify", "--kafka", "--tenant", tenant.id)
                        .out())
                .startsWith("whole");
        assertThat(Verb.run(environment, "verify", "--db", "--tenant", tenant.id)
                        .out())
                .startsWith("whole");
    }

    @Test
    void replayOfWhatIsParked_mendsTheTopic() throws SQLException {
        change(COUNT);
        addUnsent(17, 2);
        Sql.change(server, """
                INSERT INTO audit_parked (chain, reason, entry_id, seq, created_at)
                SELECT chain, 'too large', id, seq, created_at FROM audit_log WHERE chain = ? AND seq IN (17, 18)
                """, chain);
        Verb replay = Verb.run(environment, "replay", "--parked", "--tenant", tenant.id);
        assertThat(replay.status()).as(replay.out() + replay.err()).isZero();
        assertThat(replay.lines()).containsExactly(chain + ", seq 17-18", "2 entries sent again, 0 refused");
        assertThat(Sql.texts(server, "SELECT id FROM audit_parked WHERE chain = ?", chain))
                .isEmpty();
        server.settleWithKafka();
        expect(reconcile("--from", "17", "--to", "18"), 0, "equal");
    }

    /** Entries of a time without streaming are in the log, and wait nowhere. Each line of what is lacking is a range to replay. */
    @Test
    void replayOfWhatReconcileNames_fillsTheTopicAfterATimeWithoutStreaming() throws SQLException {
        change(COUNT);
        addUnsent(17, 5);
        List<String> lacking = reconcile("--from", "17").lines().stream()
                .filter(line -> line.endsWith(": not on the topic"))
                .toList();
        assertThat(lacking).hasSize(1);
        for (String line : lacking) {
            Matcher range = Pattern.compile("(\\S+), seq (\\d+)-(\\d+): .*").matcher(line);
            assertThat(range.matches()).as(line).isTrue();
            Verb replay = Verb.run(
                    environment,
                    "replay",
                    "--chain",
                    range.group(1),
                    "--from",
                    range.group(2),
                    "--to",
                    range.group(3),
                    "--json");
            assertThat(replay.json().path("sent").asInt()).as(replay.out()).isEqualTo(5);
            assertThat(replay.json().path("refused")).as(replay.out()).isEmpty();
        }
        server.settleWithKafka();
        expect(reconcile("--from", "17"), 0, "equal");
    }

    @Test
    void replay_refusesWhatTheLogHasNot() {
        change(2);
        Verb replay = Verb.run(environment, "replay", "--tenant", tenant.id, "--from", "2", "--to", "3");
        assertThat(replay.status()).isEqualTo(2);
        assertThat(replay.err())
                .isEqualTo("replay: the log has no entries 2 to 3 of " + chain + System.lineSeparator());
        assertThat(tenant.auditCount()).isEqualTo(2);
    }
}
