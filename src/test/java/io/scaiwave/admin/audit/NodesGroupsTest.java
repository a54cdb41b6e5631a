package io.scaiwave.admin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of two nodes want the same rows, in any order: that PostgreSQL ends one for the other's sake is nothing that callers hear of. */
class NodesGroupsTest {
    private static final List<String> PLUGINS =
            List.of("scaiwave.web_search", "scaiwave.web", "scaiwave.notes", "scaiwave.todos");
    private static final String PLUGIN = "/v1/admin/plugins/";
    private static final int TENANTS = 8;
    private static final int CALLERS = 32;
    private static final int ROUNDS = 10;
    private static final long HELD_MS = 80; // groups grow meanwhile, and meet when the row is free

    private static TestServer one;
    private static TestServer other;
    private static TestServer.Partner partner;
    private static List<TestServer.Tenant> tenants;

    @BeforeAll
    static void start() {
        one = TestServer.mistreated();
        other = one.beside(Map.of());
        partner = one.newPartner();
        tenants =
                IntStream.range(0, TENANTS).mapToObj(i -> partner.newTenant("")).toList();
        tenants.forEach(
                each -> each.admin.post(PLUGIN + PLUGINS.get(0) + "/enable").expect(200));
    }

    @AfterAll
    static void stop() {
        Sql.change(one, "ALTER SYSTEM RESET deadlock_timeout");
        Sql.texts(one, "SELECT pg_reload_conf()");
        other.close();
    }

    /** @param deadlocks after which PostgreSQL looks for deadlocks: later than groups wait for locks, or earlier */
    @ParameterizedTest
    @CsvSource({"1s, 1", "10ms, 1", "10ms, 8"})
    void pluginsOfTenants_areSwitchedOnTwoNodesAtOnce(String deadlocks, int ofTenants) {
        Sql.change(one, "ALTER SYSTEM SET deadlock_timeout = '" + deadlocks + "'");
        Sql.texts(one, "SELECT pg_reload_conf()");
        List<List<Integer>> answers =
                Parallel.calls(CALLERS, caller -> caller == 0 ? lockNowAndThen() : switched(caller, ofTenants));
        assertThat(answers).allSatisfy(each -> assertThat(each).containsOnly(200));
    }

    private static List<Integer> switched(int caller, int ofTenants) {
        TestServer node = caller % 2 == 0 ? one : other;
        Api admin = node.as(Map.of("role", "partner_admin", "partner_id", partner.scaiKeyId));
        Random random = new Random(caller);
        return IntStream.range(0, ROUNDS)
                .mapToObj(round -> {
                    String plugin = PLUGIN + PLUGINS.get(random.nextInt(PLUGINS.size()));
                    return admin.with("X-Tenant-Id", tenants.get(random.nextInt(ofTenants)).id)
                            .post(plugin + (random.nextBoolean() ? "/enable" : "/disable"))
                            .status();
                })
                .toList();
    }

    private static List<Integer> lockNowAndThen() {
        try (Connection connection = DriverManager.getConnection(one.jdbc());
                Statement lock = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < ROUNDS; i++) {
                lock.execute("SELECT FROM plugin_states WHERE tenant_id = '%s' AND plugin_id = '%s' FOR UPDATE"
                        .formatted(tenants.get(0).id, PLUGINS.get(0)));
                Wait.pause(HELD_MS);
                connection.rollback();
            }
            return List.of(200);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As it ends a change that is no group's part, too. */
    @ParameterizedTest
    @ValueSource(strings = {"40P01", "55P03"})
    void aChangeThatPostgresEndsOnce_isMadeAgain(String state) {
        Sql.change(one, "CREATE SEQUENCE ended_once");
        Sql.change(one, "GRANT USAGE ON SEQUENCE ended_once TO PUBLIC");
        Sql.change(one, """
                CREATE FUNCTION end_once() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('ended_once') = 1 THEN RAISE EXCEPTION 'ended' USING ERRCODE = '%s'; END IF;
                    RETURN NULL;
                END $$
                """.formatted(state));
        Sql.change(one, "CREATE TRIGGER end_once BEFORE UPDATE ON prompt_studio EXECUTE FUNCTION end_once()");
        try {
            partner.newTenant("")
                    .admin
                    .put("/v1/admin/prompt-studio", "{\"enabled\": true}")
                    .expect(200);
        } finally {
            Sql.change(one, "DROP FUNCTION end_once() CASCADE");
            Sql.change(one, "DROP SEQUENCE ended_once");
        }
    }
}
