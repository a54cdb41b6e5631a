package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.local.LocalKafka;
import io.scaiwave.admin.local.Wire;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verbs end with a sentence when PostgreSQL or Kafka, which they have reached, says nothing any more. */
@Timeout(60)
class SilentVerbsTest {
    /** Each with a word of the statement that PostgreSQL never gets; it has answered others before. */
    private static final List<List<String>> VERBS = List.of(
            List.of("migrate --wait 2", "schema_floor"),
            List.of("migrate", "scaiwave-admin grants"),
            List.of("verify --db --no-topic-checkpoints", "FROM audit_floors"),
            List.of("verify --db", "FROM audit_log"),
            List.of("reconcile", "FROM audit_log"),
            List.of("recover", "FROM audit_chain"),
            List.of("replay --parked", "FROM audit_parked"),
            List.of("retain --before 2026-01", "pg_inherits"),
            List.of("rotate-secrets", "lock_timeout"),
            List.of("rotate-secrets --dry-run", "FROM ai_config"));

    private static final long LONGER_MS = 2_500; // than a silent one would be waited for

    private static TestServer server;
    private static TestServer.Tenant tenant;

    @BeforeAll
    static void fill() {
        server = TestServer.mistreated();
        tenant = server.newTenant();
        tenant.change("one").expect(200);
        server.settleWithKafka();
    }

    private static Map<String, String> environment(Wire wire) {
        int port = server.platform().postgres().port();
        Map<String, String> environment = server.platform().environment();
        environment.replaceAll((name, value) -> value.replace(":" + port + "/", ":" + wire.port() + "/"));
        environment.put(
                "SCAIWAVE_AUDIT_SIGNING_KEYS",
                Verb.run(environment, "keys", "--signing").out().strip());
        return environment;
    }

    private static Verb run(Wire wire, String line) {
        return Verb.run(environment(wire), (line + " --timeout 1").split(" "));
    }

    private static void expectSilence(Verb silent, String line, String who) {
        assertThat(silent.status()).as(line + silent.out() + silent.err()).isEqualTo(2);
        assertThat(silent.err().strip().lines().toList())
                .as(line)
                .last()
                .asString()
                .startsWith(line.split(" ")[0] + ": ")
                .contains(who, "did not answer");
    }

    @Test
    void silentPostgres() {
        int port = server.platform().postgres().port();
        List<Verb> ended = Parallel.calls(VERBS.size(), n -> {
            try (Wire wire = Wire.to(port)) {
                wire.when(VERBS.get(n).get(1), wire::silence);
                return run(wire, VERBS.get(n).get(0));
            }
        });
        for (int i = 0; i < ended.size(); i++) {
            expectSilence(ended.get(i), VERBS.get(i).get(0), "postgresql://scaiwave_");
        }
    }

    @Test
    void slowPostgres_isWaitedFor() throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbc());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE audit_floors");
            CompletableFuture<Verb> verify = CompletableFuture.supplyAsync(() -> Verb.run(
                    server.platform().environment(), "verify", "--db", "--tenant", tenant.id, "--timeout", "1"));
            Wait.pause(LONGER_MS);
            assertThat(verify).isNotDone();
            connection.rollback();
            verify.join().expectWhole();
        }
    }

    /** @param statement a word of the one before which Kafka freezes; none: it is frozen from the start */
    @ParameterizedTest
    @CsvSource({
        "verify --db,",
        "verify --kafka,",
        "reconcile, set_config",
        "recover, FROM audit_chain",
        "replay --tenant TENANT --from 1 --to 1, audit_outbox"
    })
    void silentKafka(String verb, String statement) {
        LocalKafka kafka = server.platform().kafka();
        try (Wire wire = Wire.to(server.platform().postgres().port())) {
            if (statement == null) {
                kafka.freeze();
            } else {
                wire.when(statement, kafka::freeze);
            }
            expectSilence(run(wire, verb.replace("TENANT", tenant.id)), verb, "Kafka");
        } finally {
            kafka.wake();
        }
    }
}
