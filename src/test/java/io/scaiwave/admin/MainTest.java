package io.scaiwave.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.InvalidSetting;
import io.scaiwave.admin.config.PostgresUrl;
import io.scaiwave.admin.local.LocalPlatform;
import io.scaiwave.admin.local.LocalPostgres;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.ServerProcess;
import io.scaiwave.admin.testing.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The server as a process: how it starts, and how it ends. */
class MainTest {
    private static final String STUDIO = "/v1/admin/prompt-studio";
    private static final int BEFORE_THE_STOP = 40;

    private final LocalPlatform platform = TestServer.shared().platform();

    @Test
    void sigterm_finishesWhatWasAcknowledgedAndEndsWithSuccess() throws InterruptedException {
        AtomicInteger acknowledged = new AtomicInteger();
        try (ServerProcess server = ServerProcess.start(platform.environment())) {
            makeTenant(server);
            Thread client = new Thread(() -> changeUntilRefused(tenantAdmin(server), acknowledged));
            client.start();
            while (acknowledged.get() < BEFORE_THE_STOP) {
                Thread.onSpinWait();
            }
            assertThat(server.stop()).isZero();
            client.join();
        }
        try (ServerProcess server = ServerProcess.start(platform.environment())) {
            int groups = tenantAdmin(server)
                    .get("/v1/admin/audit?limit=1")
                    .expect(200)
                    .data()
                    .path(0)
                    .path("seq")
                    .asInt();
            // The last one may have been committed and its reply cut off.
            assertThat(groups).isBetween(acknowledged.get(), acknowledged.get() + 1);
        }
    }

    @Test
    void start_saysInASentenceWhatIsMissing() {
        Map<String, String> environment = new LinkedHashMap<>(platform.environment());
        environment.put("SCAIWAVE_DB_URL", "");
        assertThatThrownBy(() -> ServerProcess.start(environment))
                .hasStackTraceContaining("scaiwave-admin cannot start: SCAIWAVE_DB_URL is not set");
    }

    @Test
    void start_refusesMalformedSettingsBeforeAnyMigration() throws SQLException {
        LocalPostgres postgres = platform.postgres();
        try (Connection superuser = DriverManager.getConnection(postgres.superuserJdbc());
                Statement statement = superuser.createStatement()) {
            statement.execute("CREATE DATABASE untouched OWNER "
                    + PostgresUrl.parse("x", new Secret(postgres.ownerUrl())).user());
        }
        Map<String, String> malformed = Map.of(
                "SCAIWAVE_SECRET_KEYS", "k1:short",
                "SCAIWAVE_AUDIT_SIGNING_KEYS", "a",
                "SCAIWAVE_TRUSTED_PROXIES", "10.0.0.0/99",
                "SCAIWAVE_SCAIKEY_CLIENT_SECRET", "",
                "SCAIWAVE_AUDIT_CHECKPOINT_MS", "0");
        malformed.forEach((variable, value) -> {
            Map<String, String> environment = new LinkedHashMap<>(platform.environment());
            environment.put("SCAIWAVE_DB_URL", untouched(postgres.appUrl()));
            environment.put("SCAIWAVE_DB_MIGRATION_URL", untouched(postgres.ownerUrl()));
            environment.put(variable, value);
            assertThatThrownBy(() -> Main.start(environment))
                    .isInstanceOf(InvalidSetting.class)
                    .hasMessageStartingWith(variable + " ");
        });
        try (Connection superuser = DriverManager.getConnection(untouched(postgres.superuserJdbc()));
                ResultSet tables = superuser.getMetaData().getTables(null, "public", "%", null)) {
            assertThat(tables.next()).isFalse();
        }
    }

    private static String untouched(String url) {
        return url.replaceFirst("(:\\d+/)\\w+", "$1untouched");
    }

    private void makeTenant(ServerProcess server) {
        Api root = as(server, Map.of("sub", "root", "role", "super_admin"));
        root.post("/v1/admin/tenants", "{\"slug\": \"stopped\", \"name\": \"S\", \"scaikey_tenant_id\": \"stopped\"}")
                .expect(201);
    }

    private Api tenantAdmin(ServerProcess server) {
        return as(server, Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", "stopped"));
    }

    private Api as(ServerProcess server, Map<String, Object> claims) {
        return server.api(Map.of()).withToken(platform.scaiKey().es256Token(claims));
    }

    private static void changeUntilRefused(Api admin, AtomicInteger acknowledged) {
        try {
            while (admin.put(STUDIO, "{\"allowlist\": {\"groups\": [\"g%d\"]}}".formatted(acknowledged.get()))
                            .status()
                    == 200) {
                acknowledged.incrementAndGet();
            }
        } catch (IllegalStateException stopped) {
            // it no longer listens
        }
    }
}
