package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.ConfigLoader;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a superuser does to the log behind everyone's back, and what verify says of it. */
class VerifyServerTest {
    private static final int COUNT = 6;

    private static TestServer server;
    private static Map<String, String> environment;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        server = TestServer.mistreated();
        environment = server.platform().environment();
    }

    /** A tenant with that many entries, all of them on Kafka, and the last one signed and published. */
    private static TestServer.Tenant tenant() {
        TestServer.Tenant tenant = server.newTenant();
        for (int i = 0; i < COUNT; i++) {
            tenant.admin
                    .put("/v1/admin/prompt-studio", "{\"allowlist\": {\"groups\": [\"g%d\", \"é\"]}}".formatted(i))
                    .expect(200);
        }
        Wait.soon(
                () -> Sql.texts(server, "SELECT seq FROM audit_checkpoints WHERE published AND chain = ?", tenant.chain)
                        .equals(List.of(Integer.toString(COUNT))));
        server.settleWithKafka();
        return tenant;
    }

    /** As superuser, with the triggers that protect the log switched off. */
    private static void tamper(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbc());
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            for (String sql : statements) {
                assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
            }
        }
    }

    private static Verb verify(TestServer.Tenant tenant, String... options) {
        List<String> arguments = new ArrayList<>(List.of("verify", "--tenant", tenant.id));
        arguments.addAll(List.of(options));
        return Verb.run(environment, arguments.toArray(String[]::new));
    }

    private static void expectWhole(Verb verb) {
        assertThat(verb.status()).as(verb.out() + verb.err()).isZero();
        assertThat(verb.lines().get(0)).isEqualTo("whole");
        assertThat(verb.lines().get(1))
                .startsWith("6 entries in 1 chains, 0 of them not whole; ")
                .contains("(signatures checked)");
    }

    private static void expectFault(Verb verb, TestServer.Tenant tenant, int seq, String reason) {
        assertThat(verb.status()).as(verb.out() + verb.err()).isEqualTo(1);
        assertThat(verb.lines().get(0)).isEqualTo("NOT WHOLE");
        assertThat(verb.lines().get(1)).startsWith("tenant:%s, seq %d: %s".formatted(tenant.id, seq, reason));
    }

    @Test
    void whole_inDatabaseTopicAndExport() {
        TestServer.Tenant tenant = tenant();
        expectWhole(verify(tenant, "--db"));
        expectWhole(verify(tenant, "--db", environment.get("SCAIWAVE_DB_URL")));
        expectWhole(verify(tenant, "--kafka"));
        expectWhole(verify(tenant, "--kafka", environment.get("SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS")));
        List<String> lines = new ArrayList<>();
        JsonNode list =
                tenant.admin.get("/v1/admin/audit?limit=1000").expect(200).data();
        list.forEach(entry -> lines.add(entry.toString()));
        assertThat(Verb.verify(lines).lines()).startsWith("whole").hasSize(2);
        assertThat(Verb.run(environment, "verify", "--kafka", "--chain", "tenant:nobody")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void theTopicsOfTheFile_areTheOnesThatAreRead() throws IOException {
        String file = Files.readString(Path.of("conf/server.yaml"))
                .replace("${SCAIWAVE_AUDIT_TOPIC:scaiwave.admin.audit.v1}", "other.audit");
        Files.writeString(folder.resolve("server.yaml"), file);
        for (String verb : List.of("verify --kafka", "reconcile")) {
            Verb run = Verb.reading("", new ConfigLoader(folder, environment), verb.split(" "));
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err()).contains("there is no topic other.audit");
        }
    }

    @Test
    void oneBitOfOneEntry_isNamed() throws SQLException {
        TestServer.Tenant tenant = tenant();
        tamper(
                "UPDATE audit_log SET actor_id = overlay(actor_id PLACING chr(ascii(actor_id) # 1) FROM 1) WHERE seq = 3 AND chain = 'tenant:%s'"
                        .formatted(tenant.id));
        expectFault(verify(tenant, "--db"), tenant, 3, "altered: its content does not match its hash");
        expectWhole(verify(tenant, "--kafka"));
        tamper(
                "UPDATE audit_log SET created_at = created_at + interval '1 microsecond' WHERE seq = 2 AND chain = 'tenant:%s'"
                        .formatted(tenant.id));
        expectFault(verify(tenant, "--db"), tenant, 2, "altered: its content does not match its hash");
        tamper("UPDATE audit_log SET changes = '[1]' WHERE seq = 1 AND chain = 'tenant:%s'".formatted(tenant.id));
        expectFault(verify(tenant, "--db"), tenant, 1, "altered: its content does not match its hash");
    }

    @Test
    void aRemovedRow_isNamed() throws SQLException {
        TestServer.Tenant tenant = tenant();
        tamper("DELETE FROM audit_log WHERE seq = 4 AND chain = 'tenant:%s'".formatted(tenant.id));
        expectFault(verify(tenant, "--db"), tenant, 4, "removed: it is missing");
    }

    @Test
    void twoExchangedRows_areNamed() throws SQLException {
        TestServer.Tenant tenant = tenant();
        for (String columns : List.of(
                "seq",
                "changes",
                "id",
                "seq, prev_hash, hash",
                "hash",
                "changes, actor_id, request_id, user_agent, resource_id, created_at")) {
            String exchange = """
                    UPDATE audit_log l SET (%s) = ROW(%s) FROM audit_log o
                    WHERE o.chain = l.chain AND l.chain = 'tenant:%s' AND l.seq IN (2, 5) AND o.seq = 7 - l.seq
                    """.formatted(columns, columns.replaceAll("(\\w+)", "o.$1"), tenant.id);
            tamper(exchange);
            expectFault(verify(tenant, "--db"), tenant, 2, "exchanged: what stands here and at seq 5 changed places");
            tamper(exchange);
            expectWhole(verify(tenant, "--db"));
        }
    }

    @Test
    void theCutTail_isNamed() throws SQLException {
        TestServer.Tenant tenant = tenant();
        String chain = "chain = 'tenant:%s'".formatted(tenant.id);
        tamper("DELETE FROM audit_log WHERE seq > 4 AND " + chain);
        expectFault(verify(tenant, "--db"), tenant, 5, "the tail is cut: the log ends at seq 4, but ");
        tamper(
                "UPDATE audit_chain c SET seq = l.seq, hash = l.hash FROM audit_log l WHERE l.chain = c.chain AND l.seq = 4 AND c."
                        + chain,
                "DELETE FROM audit_checkpoints WHERE " + chain);
        // Nothing in the database knows of the entries any more.
        assertThat(verify(tenant, "--db", "--no-topic-checkpoints").status()).isZero();
        expectFault(
                verify(tenant, "--db"),
                tenant,
                5,
                "the tail is cut: the log ends at seq 4, but a checkpoint signed at ");
        tamper("DELETE FROM audit_log WHERE " + chain, "DELETE FROM audit_chain WHERE " + chain);
        expectFault(verify(tenant, "--db"), tenant, 1, "removed: the chain is gone, but a checkpoint signed at ");
    }

    @Test
    void aHeadTableThatDiffers_isNamed() throws SQLException {
        TestServer.Tenant tenant = tenant();
        String chain = "chain = 'tenant:%s'".formatted(tenant.id);
        tamper("UPDATE audit_chain SET seq = 5 WHERE " + chain);
        expectFault(verify(tenant, "--db"), tenant, 5, "rewritten: the head table says another hash");
        tamper("DELETE FROM audit_chain WHERE " + chain);
        expectFault(verify(tenant, "--db"), tenant, 1, "the head table differs: it has no row for this chain");
    }

    @Test
    void aForgedCheckpoint_isNamed() throws SQLException {
        TestServer.Tenant tenant = tenant();
        String chain = tenant.chain;
        Checkpoint forged = CheckpointKeys.of(new Secret("local-1:" + "A".repeat(43) + "="), new Secret(""))
                .sign(
                        chain,
                        Checkpoint.FLOOR,
                        2,
                        Sql.texts(server, "SELECT hash FROM audit_log WHERE seq = 2 AND chain = ?", chain)
                                .get(0));
        Sql.change(
                server,
                "INSERT INTO audit_floors (chain, seq, hash, signed_at, key_id, signature) VALUES (?, ?, ?, ?, ?, ?)",
                chain,
                forged.seq(),
                forged.hash(),
                forged.signedAt(),
                forged.keyId(),
                forged.signature());
        tamper("DELETE FROM audit_log WHERE seq <= 2 AND chain = '%s'".formatted(chain));
        expectFault(verify(tenant, "--db"), tenant, 1, "removed: the entries 1 to 2 are missing");
        Verb unsigned = Verb.run(
                Map.of("SCAIWAVE_DB_URL", environment.get("SCAIWAVE_DB_URL")), "verify", "--db", "--chain", chain);
        assertThat(unsigned.out()).startsWith("whole").contains("(signatures not checked: no keys given)");
    }
}
