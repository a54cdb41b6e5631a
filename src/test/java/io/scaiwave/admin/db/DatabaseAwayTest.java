package io.scaiwave.admin.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scaiwave.admin.local.Wire;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A PostgreSQL that is there and yet is not: silent, or without a way to store anything. */
class DatabaseAwayTest {
    private static final String SETTINGS = "/v1/admin/ai-config";
    private static final String READY = "/health/ready";
    private static final int STATEMENT_MS = 4_000;
    private static final int LEASE_MS = 1_000;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(20);

    private final TestServer server = TestServer.mistreated();
    private final TestServer.Tenant tenant = server.newPartner().newTenant("");

    @Test
    void silence_isGivenUpAndServedAgain() {
        int port = server.platform().postgres().port();
        try (Wire wire = Wire.to(port)) {
            TestServer node = server.beside(Map.of(
                    "SCAIWAVE_DB_URL",
                    server.platform().postgres().appUrl().replace(":" + port, ":" + wire.port()),
                    "SCAIWAVE_DB_STATEMENT_TIMEOUT_MS",
                    Integer.toString(STATEMENT_MS),
                    "SCAIWAVE_DB_LEASE_MS",
                    Integer.toString(LEASE_MS)));
            Api admin = adminOn(node);
            change(admin, 1).expect(200);
            wire.silence();
            node.anonymous().get(READY).expect(503); // sooner than a statement is given up
            assertThat(change(admin, 2).expect(503).header("Retry-After")).isNotNull();
            wire.restore();
            await().atMost(SOON).until(() -> change(admin, 3).status() == 200);
            await().atMost(SOON).until(() -> node.anonymous().get(READY).status() == 200);
            wire.silence();
            long began = System.nanoTime();
            node.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(STOP);
        }
    }

    @Test
    void readOnly_is503AndNotReady_andServedAgainWhenItIsOver() throws SQLException {
        refusesWrites(
                List.of("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()"),
                List.of("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()"));
    }

    /** What PostgreSQL says when a table cannot grow. */
    @Test
    void diskFull_is503AndNotReady_andServedAgainWhenThereIsRoom() throws SQLException {
        String full = """
                CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$
                """;
        String grows = "CREATE TRIGGER disk_full BEFORE INSERT ON audit_outbox EXECUTE FUNCTION disk_full()";
        refusesWrites(List.of(full, grows), List.of("DROP FUNCTION disk_full() CASCADE"));
    }

    private void refusesWrites(List<String> from, List<String> until) throws SQLException {
        try (TestServer node = server.beside(Map.of())) {
            Api admin = adminOn(node);
            change(admin, 1).expect(200);
            execute(from);
            try {
                await().atMost(SOON).until(() -> change(admin, 2).status() == 503);
                for (int i = 0; i < 20; i++) {
                    assertThat(change(admin, 2 + i).expect(503).header("Retry-After"))
                            .isNotNull();
                }
                admin.get(SETTINGS).expect(200);
                await().atMost(SOON).until(() -> node.anonymous().get(READY).status() == 503);
            } finally {
                execute(until);
            }
            await().atMost(SOON).until(() -> change(admin, 100).status() == 200);
            await().atMost(SOON).until(() -> node.anonymous().get(READY).status() == 200);
            server.settle();
        }
    }

    private Api adminOn(TestServer node) {
        return node.as(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
    }

    private static Api.Reply change(Api admin, int number) {
        return TestServer.change(admin, "change " + number);
    }

    private void execute(List<String> statements) throws SQLException {
        try (Connection superuser =
                        DriverManager.getConnection(server.platform().postgres().superuserJdbc());
                Statement statement = superuser.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
