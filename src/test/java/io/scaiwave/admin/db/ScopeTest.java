package io.scaiwave.admin.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.Change;
import io.scaiwave.admin.audit.ChangeSql;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.ConfigLoader;
import io.scaiwave.admin.config.PostgresUrl;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The second wall: a statement that forgets its conditions shows and changes nothing out of its scope. */
class ScopeTest {
    /** Tables that are nobody's, and why. */
    private static final Map<String, String> NOBODYS = Map.of(
            "activity_offsets", "how far the activity topic has been read",
            "activity_seen", "hashes of events",
            "activity_state", "how fresh the totals of all are",
            "schema_floor", "which releases the schema is open to",
            "flyway_schema_history", "which migrations there were");

    private static final String REFUSED = "42501";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant mine = server.newTenant();
    private final TestServer.Tenant other = server.newTenant();
    private final Vertx vertx = Vertx.vertx();
    private final Database database = new Database(
            vertx, new ConfigLoader(server.platform().environment()).load().db());

    @AfterEach
    void close() {
        database.close().await();
        vertx.close().await();
    }

    private Connection asServer() throws SQLException {
        return PostgresUrl.parse("x", new Secret(server.platform().postgres().appUrl()))
                .connect(Duration.ofSeconds(10));
    }

    private static long count(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static List<String> texts(RowSet<Row> rows) {
        return Rows.all(rows, row -> String.valueOf(row.getValue(0)));
    }

    private static Scope scope(TestServer.Tenant tenant) {
        return Scope.ofTenant(UUID.fromString(tenant.id));
    }

    @Test
    void everyTable_isBehindAPolicy_orNobodys() {
        assertThat(Sql.texts(server, """
                        SELECT relname FROM pg_class
                        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relrowsecurity""")).containsExactlyInAnyOrderElementsOf(NOBODYS.keySet());
        assertThat(Sql.texts(server, """
                        SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'audit_log'::regclass
                        AND has_table_privilege('scaiwave_app', inhrelid, 'SELECT')""")).isEmpty();
    }

    @Test
    void withoutAScope_thereAreNoRows() throws SQLException {
        mine.changes(1);
        mine.admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        mine.admin.post("/v1/admin/plugins/calendar/enable");
        List<String> tables = Sql.texts(server, """
                SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
                AND relrowsecurity AND NOT relispartition""");
        List<String> hidden = new ArrayList<>();
        try (Connection asServer = asServer()) {
            for (String table : tables) {
                assertThat(count(asServer, table)).as(table).isZero();
                if (!Sql.texts(server, "SELECT 1 FROM " + table + " LIMIT 1").isEmpty()) {
                    hidden.add(table);
                }
            }
        }
        assertThat(hidden)
                .contains(
                        "partners",
                        "tenants",
                        "ai_config",
                        "prompt_studio",
                        "note_processing",
                        "audit_log",
                        "audit_chain");
    }

    @Test
    void aReadThatForgetsItsTenant_showsOneTenant() {
        mine.changes(1);
        other.changes(1);
        String careless = """
                SELECT tenant_id FROM ai_config WHERE tenant_id = $1 OR true
                UNION SELECT id FROM tenants UNION SELECT tenant_id FROM audit_log UNION SELECT tenant_id FROM audit_outbox
                UNION SELECT tenant_id FROM prompt_studio UNION SELECT tenant_id FROM note_processing
                UNION SELECT tenant_id FROM participants UNION SELECT tenant_id FROM plugin_states
                UNION SELECT entry_id FROM audit_unsent UNION SELECT entry_id FROM audit_parked
                UNION SELECT tenant_id FROM totals UNION SELECT tenant_id FROM model_catalog UNION SELECT id FROM partners
                """;
        Tuple theirs = Tuple.of(UUID.fromString(other.id));
        for (int i = 0; i < 2; i++) { // the second time it is prepared
            assertThat(texts(database.read(scope(mine), careless, theirs).await()))
                    .containsExactly(mine.id);
            assertThat(texts(database.query(scope(other), "x", careless, theirs).await()))
                    .containsExactly(other.id);
        }
        assertThat(texts(database.read(Scope.of(Caller.Reach.NONE), careless, theirs)
                        .await()))
                .isEmpty();
    }

    @Test
    void aPartnersScope_isItsBranch() {
        TestServer.Tenant child = mine.partner.newTenant("");
        String careless =
                "SELECT id FROM tenants UNION SELECT id FROM partners UNION SELECT partner_id FROM audit_chain";
        Scope partner = Scope.ofPartner(UUID.fromString(mine.partner.id));
        server.settle();
        assertThat(texts(database.read(partner, careless, Tuple.tuple()).await()))
                .containsExactlyInAnyOrder(mine.id, child.id, mine.partner.id);
    }

    private Caller caller(boolean dryRun) {
        Caller.Actor actor = new Caller.Actor("careless", "user", null, null, new Secret("t"), Long.MAX_VALUE);
        Caller.Request request = new Caller.Request(
                "updateAiConfig",
                new Caller.Origin("r", "127.0.0.1", null, null),
                new Caller.Terms(dryRun, null, null),
                "application/json");
        UUID partner = UUID.fromString(mine.partner.id);
        Caller.TenantRef tenant = new Caller.TenantRef(UUID.fromString(mine.id), partner, partner);
        return new Caller(actor, Caller.Reach.ALL, tenant, request);
    }

    private static final ChangeSql CARELESS = ChangeSql.of("""
            WITH change AS (
                UPDATE ai_config SET enabled_models = '{careless}' WHERE tenant_id = $1 OR true
                RETURNING 'ai_config.update' AS action, new.tenant_id::text AS resource_id,
                          audited(old) AS before, audited(new) AS after, new.tenant_id)
            """);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChangeThatForgetsItsTenant_changesOneTenant(boolean dryRun) {
        AuditTrail trail = new AuditTrail(database, vertx.eventBus());
        Caller caller = caller(dryRun);
        List<UUID> changed = new ArrayList<>();
        trail.change(
                        caller,
                        Chain.of(caller.tenant()),
                        new Change<>(
                                CARELESS,
                                Tuple.of(UUID.fromString(other.id)),
                                Constraints.NONE,
                                row -> {
                                    changed.add(row.getUUID("tenant_id"));
                                    return Reply.of("changed");
                                },
                                Failure.stale()))
                .await();
        assertThat(changed).containsExactly(UUID.fromString(mine.id));
        assertThat(Sql.texts(server, "SELECT tenant_id FROM ai_config WHERE enabled_models = '{careless}'"))
                .isEqualTo(dryRun ? List.of() : List.of(mine.id));
        Sql.change(server, "UPDATE ai_config SET enabled_models = '{}' WHERE enabled_models = '{careless}'");
    }

    @Test
    void aWriteThatForgetsItsTenant_isInItsScope_andLeavesNone() {
        String careless = "UPDATE note_processing SET prompt = 'careless'";
        assertThat(database.write(scope(mine), careless, Tuple.tuple()).await().rowCount())
                .isEqualTo(1);
        assertThat(Sql.texts(server, "SELECT tenant_id FROM note_processing WHERE prompt = 'careless'"))
                .containsExactly(mine.id);
        for (int i = 0; i < 20; i++) { // on whichever connection
            assertThat(texts(database.call("SELECT id FROM tenants", Tuple.tuple())
                            .await()))
                    .isEmpty();
        }
    }

    @Test
    void aRow_isNotMovedOutOfTheScope() throws SQLException {
        mine.admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        mine.admin
                .put("/v1/admin/models/scailar-pro/participant", "{\"local_id\": \"p\", \"display_name\": \"P\"}")
                .expect(201);
        try (Connection asServer = asServer();
                Statement statement = asServer.createStatement()) {
            statement.execute("SELECT set_config('scaiwave.scope', 'tenant:%s', false)".formatted(mine.id));
            for (String moving : List.of(
                    "UPDATE participants SET tenant_id = '%s'",
                    "INSERT INTO plugin_states VALUES ('%s', 'x', now())",
                    "INSERT INTO totals VALUES ('%s', '', 'x', '', 1)",
                    "INSERT INTO audit_outbox (chain, action, resource_id, changes, actor_id, actor_type)"
                            + " VALUES ('tenant:%s', 'a.b', 'x', '{}', 'x', 'user')",
                    "UPDATE tenants SET partner_id = '%s'")) {
                assertThatThrownBy(() -> statement.execute(moving.formatted(other.id)))
                        .as(moving)
                        .isInstanceOf(SQLException.class)
                        .extracting(e -> ((SQLException) e).getSQLState())
                        .isIn(REFUSED, "23514"); // or the trigger was first
            }
        }
    }
}
