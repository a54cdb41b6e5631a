package io.scaiwave.admin.benchmarks;

import io.scaiwave.admin.local.FreePort;
import io.scaiwave.admin.local.LocalPlatform;
import io.scaiwave.admin.local.LocalScaiGrid;
import io.scaiwave.admin.local.LocalServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What is measured: a server as {@code java -jar} starts it, on a PostgreSQL that waits for the disk, and many tenants. */
final class Platform implements AutoCloseable {
    /** Entries that look like those of changes; their hashes are made up, since nothing that is measured looks at them. */
    private static final String SEED = """
            INSERT INTO audit_log (id, chain, seq, created_at, action, actor_id, actor_type, resource_type, resource_id,
                                   tenant_id, changes, ip_address, user_agent, request_id, prev_hash, hash, bytes)
            SELECT (lpad(to_hex(ms), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid, 'tenant:' || tenant, n / %2$d + 1,
                   to_timestamp(ms / 1000.0), 'ai_config.update', 'benchmark', 'user', 'ai_config', tenant::text, tenant,
                   jsonb_build_object('before', jsonb_build_object('default_model', 'a/' || n),
                                      'after', jsonb_build_object('default_model', 'b/' || n)),
                   '127.0.0.1', 'benchmark', tenant::text, repeat('0', 64), repeat('1', 64), 80
            FROM (SELECT n, (extract(epoch FROM now()) * 1000)::bigint - %1$d + n AS ms, %3$s AS tenant
                  FROM generate_series(0, %1$d - 1) AS n) AS made
            """;

    private static final String HEADS = """
            INSERT INTO audit_chain (chain, seq, hash, last_id, last_at)
            SELECT DISTINCT ON (chain) chain, seq, hash, id, created_at FROM audit_log
            WHERE actor_id = 'benchmark' AND user_agent = 'benchmark' ORDER BY chain, id DESC
            """;

    private static final long POLL_MS = 5;
    private static final int CREATED = 201;

    private final LocalPlatform local = LocalPlatform.start(null, true);
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> command;
    private final int port = FreePort.find();
    private final List<String> tokens = new ArrayList<>();
    private LocalServer server;

    private Platform(List<String> command) {
        this.command = command;
    }

    /** @param command starts the server */
    static Platform start(List<String> command, int tenants) throws Exception {
        Platform platform = new Platform(command);
        try {
            platform.startServer();
            platform.makeTenants(tenants);
            platform.server.close();
            platform.countStatements();
            platform.startServer();
            return platform;
        } catch (Exception e) {
            platform.close();
            throw e;
        }
    }

    private static final String STATEMENTS = """
            SELECT format('%8s calls %8s ms %6s ms of planning %8s rows  %s', calls, total_exec_time::bigint, total_plan_time::bigint,
                          rows, left(regexp_replace(query, '\\s+', ' ', 'g'), 120))
            FROM pg_stat_statements ORDER BY total_exec_time + total_plan_time DESC LIMIT 15
            """;

    private void countStatements() throws SQLException {
        change("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'");
        change("ALTER SYSTEM SET pg_stat_statements.track_planning = on");
        local.postgres().stopImmediately();
        local.postgres().startAgain();
        change("CREATE EXTENSION pg_stat_statements");
    }

    void forgetStatements() throws SQLException {
        change("SELECT pg_stat_statements_reset()");
    }

    /** What took PostgreSQL longest since then. */
    List<String> statements() throws SQLException {
        List<String> all = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(local.postgres().superuserJdbc());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(STATEMENTS)) {
            while (rows.next()) {
                all.add(rows.getString(1));
            }
        }
        return all;
    }

    /** The id of a tenant follows from its number, so that pgbench can name it. */
    static String tenantId(String number) {
        return "('00000000-0000-7000-8000-' || lpad((%s)::text, 12, '0'))::uuid".formatted(number);
    }

    String tenantId(int tenant) {
        return "00000000-0000-7000-8000-%012d".formatted(tenant);
    }

    int port() {
        return port;
    }

    long serverPid() {
        return server.pid();
    }

    long postgresPid() {
        return local.postgres().pid();
    }

    LocalPlatform local() {
        return local;
    }

    double readySeconds() {
        return server.readySeconds();
    }

    /** The token of the administrator of the tenant with that number, from 0. */
    String token(int tenant) {
        return tokens.get(tenant);
    }

    int tenants() {
        return tokens.size();
    }

    private void startServer() throws IOException {
        server = LocalServer.start(command, port, local.environment());
    }

    private void makeTenants(int count) throws Exception {
        String root = token("super_admin", null);
        for (int i = 0; i < count; i++) {
            String body = "{\"slug\": \"b-%1$d\", \"name\": \"B\", \"scaikey_tenant_id\": \"sk-%1$d\"}".formatted(i);
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/admin/tenants"))
                    .header("Authorization", "Bearer " + root)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> reply = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (reply.statusCode() != CREATED) {
                throw new IllegalStateException("no tenant was made: " + reply.body());
            }
            tokens.add(token("tenant_admin", "sk-" + i));
        }
        number();
    }

    String token(String role, String tenantOrNull) {
        return local.scaiKey().token("benchmark", role, tenantOrNull);
    }

    /** Gives the tenants ids that follow from their numbers. */
    private void number() throws SQLException {
        change("""
                DO $$
                DECLARE
                    place record;
                BEGIN
                    SET LOCAL session_replication_role = replica;
                    CREATE TEMP TABLE numbered ON COMMIT DROP AS
                        SELECT id AS old, %s AS new FROM tenants WHERE slug LIKE 'b-%%';
                    FOR place IN SELECT table_name FROM information_schema.columns
                                 WHERE table_schema = 'public' AND column_name = 'tenant_id' AND table_name NOT LIKE 'audit%%' LOOP
                        EXECUTE format('UPDATE %%I SET tenant_id = new FROM numbered WHERE tenant_id = old', place.table_name);
                    END LOOP;
                    UPDATE tenants SET id = new FROM numbered WHERE id = old;
                END $$
                """.formatted(tenantId("substr(slug, 3)")));
    }

    private static final int MODELS = 500;

    /** So many tenants have 100,000 participants each. */
    static final int LARGE = 4;

    private static final String MEMBERS = """
            INSERT INTO participants (id, tenant_id, local_id, server_name, display_name, participant_type)
            SELECT '@b' || n || ':bench', %s, 'b' || n, 'bench', 'Member ' || n, 'human' FROM generate_series(1, %d * 100000) AS n
            """;

    /** So many audit entries, of all tenants in turn; and what makes lists long. */
    void seed(int entries) throws SQLException {
        List<LocalScaiGrid.Model> models = new ArrayList<>(local.scaiGrid().models());
        for (int i = models.size(); i < MODELS; i++) {
            models.add(new LocalScaiGrid.Model("bench/model-" + i, "Model " + i, "chat", 32_000, 8_192, "active", "healthy"));
        }
        local.scaiGrid().setModels(models);
        change(MEMBERS.formatted(tenantId("n %% %d".formatted(LARGE)), LARGE));
        change(SEED.formatted(entries, tenants(), tenantId("n %% %d".formatted(tenants()))));
        change(HEADS);
        change("VACUUM ANALYZE");
    }

    private static final String MIDDLE = """
            SELECT translate(encode(uuid_send(id), 'base64'), '+/=', '-_')
            FROM audit_log ORDER BY id OFFSET (SELECT count(*) / 10 FROM audit_log) LIMIT 1
            """;

    /** A cursor that nine tenths of the seeded entries lie before. */
    String middle() {
        try {
            return text(MIDDLE);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the superuser. */
    void change(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(local.postgres().superuserJdbc());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Returns when the query finds nothing any more. */
    void awaitNone(String query) throws SQLException, InterruptedException {
        while (text("SELECT EXISTS (%s)".formatted(query)).equals("t")) {
            Thread.sleep(POLL_MS);
        }
    }

    /** As the superuser; the first column of the first row. */
    long number(String query) throws SQLException {
        return Long.parseLong(text(query));
    }

    private String text(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(local.postgres().superuserJdbc());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        local.close();
    }
}
