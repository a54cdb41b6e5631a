package io.scaiwave.admin.audit.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.local.LocalPlatform;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.ServerProcess;
import io.scaiwave.admin.testing.Wait;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The server is killed when Kafka has an entry and PostgreSQL does not know it yet. */
class RelayKilledTest {
    private static final int LOCK = 4_711;
    private static final int CHANGES = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void killedBetweenSendAndMark_sendsTheSameEventAgainAndMissesNone() throws SQLException {
        try (LocalPlatform platform = LocalPlatform.start();
                ServerProcess first = ServerProcess.start(platform.environment());
                Connection database =
                        DriverManager.getConnection(platform.postgres().superuserJdbc());
                Statement statement = database.createStatement()) {
            String tenant = newTenant(first, platform);
            awaitNone(statement, "SELECT count(*) FROM audit_unsent");
            holdMarks(statement);
            Api admin = first.api(Map.of("Authorization", "Bearer " + token(platform, "tenant_admin")));
            for (int i = 1; i <= CHANGES; i++) {
                admin.put("/v1/admin/prompt-studio", "{\"enabled\": %s}".formatted(i % 2 == 1))
                        .expect(200);
            }
            assertThat(read(platform, tenant, 1)).isNotEmpty(); // on Kafka, and cannot be marked
            first.kill();
            letMarksGo(statement);
            assertThat(number(statement, "SELECT count(*) FROM audit_unsent")).isPositive();
            ServerProcess second = ServerProcess.start(platform.environment());
            try (second) {
                awaitNone(
                        statement, "SELECT (SELECT count(*) FROM audit_outbox) + (SELECT count(*) FROM audit_unsent)");
            }
            assertDelivered(read(platform, tenant, CHANGES + 1));
        }
    }

    /** Whoever deletes from the queue waits for a lock that this session holds. */
    private static void holdMarks(Statement statement) throws SQLException {
        statement.execute("""
                CREATE FUNCTION hold_mark() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN PERFORM pg_advisory_xact_lock(%d); RETURN OLD; END $$""".formatted(LOCK));
        statement.execute(
                "CREATE TRIGGER hold_mark BEFORE DELETE ON audit_unsent FOR EACH ROW EXECUTE FUNCTION hold_mark()");
        statement.execute("SELECT pg_advisory_lock(%d)".formatted(LOCK));
    }

    /** The sessions of the dead process must end first, or their last statement would still be carried out. */
    private static void letMarksGo(Statement statement) throws SQLException {
        statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'scaiwave_app'");
        awaitNone(statement, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'scaiwave_app'");
        statement.execute("SELECT pg_advisory_unlock(%d)".formatted(LOCK));
        statement.execute("DROP TRIGGER hold_mark ON audit_unsent");
    }

    private static void assertDelivered(List<AuditTopic.Event> events) {
        Map<String, Set<String>> forms = new LinkedHashMap<>();
        Set<Long> order = new LinkedHashSet<>();
        for (AuditTopic.Event event : events) {
            forms.computeIfAbsent(event.value().path("id").asText(), id -> new LinkedHashSet<>())
                    .add(event.value().toString());
            order.add(event.value().at("/data/seq").asLong());
        }
        assertThat(order)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, CHANGES).boxed().toList());
        assertThat(forms).hasSize(CHANGES);
        assertThat(forms.values()).as("a repeat is the same event").allMatch(each -> each.size() == 1);
        assertThat(events).as("the one that was not marked came again").hasSizeGreaterThan(CHANGES);
    }

    private static List<AuditTopic.Event> read(LocalPlatform platform, String tenant, int count) {
        return AuditTopic.read(platform.kafka().bootstrapServers(), "tenant:" + tenant, count, PATIENCE);
    }

    private static String newTenant(ServerProcess server, LocalPlatform platform) {
        return server.api(Map.of("Authorization", "Bearer " + token(platform, "super_admin")))
                .post(
                        "/v1/admin/tenants",
                        "{\"slug\": \"relay\", \"name\": \"R\", \"scaikey_tenant_id\": \"sk-relay\"}")
                .expect(201)
                .data()
                .path("id")
                .asText();
    }

    private static String token(LocalPlatform platform, String role) {
        if (role.equals("super_admin")) {
            return platform.scaiKey().es256Token(Map.of("sub", "root", "role", role));
        }
        return platform.scaiKey().es256Token(Map.of("sub", "admin", "role", role, "tenant_id", "sk-relay"));
    }

    private static void awaitNone(Statement statement, String query) {
        Wait.soon(() -> number(statement, query) == 0);
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
