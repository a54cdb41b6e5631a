package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.EventStream;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One tenant asks for more than there is: it is refused early, and nobody else is. */
class OverloadTest {
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final int OF_ONE_MAX = 30;
    private static final int FLOOD = 80;
    private static final int STREAMS = 5;
    private static final int SHARE = 8; // of the connections for changes
    private static final String WAITING =
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%ai_config%'";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.shared()
                .beside(Map.of(
                        "SCAIWAVE_HTTP_IN_FLIGHT_OF_ONE_MAX",
                        Integer.toString(OF_ONE_MAX),
                        "SCAIWAVE_DB_CHANGE_WAIT_MS",
                        "3000",
                        "SCAIWAVE_DB_LOCK_TIMEOUT_MS",
                        "3000"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String token(TestServer.Tenant tenant) {
        return server.platform()
                .scaiKey()
                .es256Token(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
    }

    private static Api admin(TestServer.Tenant tenant) {
        return server.anonymous().withToken(token(tenant));
    }

    /** What a change would have to wait for. */
    private static Connection held(TestServer.Tenant tenant) throws SQLException {
        Connection connection = DriverManager.getConnection(server.jdbc());
        connection.setAutoCommit(false);
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT FROM ai_config WHERE tenant_id = ?::uuid FOR UPDATE")) {
            lock.setString(1, tenant.id);
            lock.execute();
        }
        return connection;
    }

    @Test
    void floodOfSlowChanges_isRefusedEarly_whileAnotherTenantIsServed() throws SQLException {
        TestServer.Tenant greedy = TestServer.shared().newTenant();
        Api other = admin(TestServer.shared().newTenant());
        Api flooding = admin(greedy);
        TestServer.change(flooding, "before").expect(200);
        try (Connection lock = held(greedy)) {
            CompletableFuture<List<Api.Reply>> flood = CompletableFuture.supplyAsync(
                    () -> Parallel.calls(FLOOD, i -> TestServer.change(flooding, "flood " + i)));
            Wait.soon(() -> waiting() == SHARE);
            for (int i = 0; i < 5; i++) {
                TestServer.change(other, "beside " + i).expect(200);
                other.get(AI_CONFIG).expect(200);
            }
            assertThat(waiting()).isLessThanOrEqualTo(SHARE);
            assertRefused(flood.join()); // while the row is held still
            lock.rollback();
        }
        assertThat(server.metric("admin_requests_refused_total{reason=\"account\"}"))
                .isPositive();
        TestServer.change(flooding, "after").expect(200);
        assertAllPlacesAreFree(flooding);
    }

    private static void assertRefused(List<Api.Reply> replies) {
        Map<Integer, List<Api.Reply>> byStatus = replies.stream().collect(Collectors.groupingBy(Api.Reply::status));
        assertThat(byStatus.keySet()).containsExactlyInAnyOrder(429, 503);
        byStatus.get(429).forEach(reply -> reply.expect(429, "SW_RATE_LIMIT_EXCEEDED"));
        byStatus.get(503).forEach(reply -> reply.expect(503, "SW_UNAVAILABLE"));
        assertThat(replies)
                .allSatisfy(reply -> assertThat(reply.header("Retry-After")).isEqualTo("1"));
    }

    private static int waiting() {
        return Integer.parseInt(Sql.texts(server, WAITING).get(0));
    }

    private static void assertAllPlacesAreFree(Api tenant) {
        assertThat(Parallel.calls(OF_ONE_MAX, i -> tenant.get(AI_CONFIG).status()))
                .containsOnly(200);
    }

    /** With a share for each tenant, they could hold all places of the server with bodies that never come. */
    @Test
    void whoActsInManyTenants_hasOneShareOfPlaces() {
        TestServer.Tenant[] tenants = {
            TestServer.shared().newTenant(), TestServer.shared().newTenant()
        };
        String root = server.platform().scaiKey().es256Token(Map.of("sub", "greedy-root", "role", "super_admin"));
        List<RawConnection> bodiless = new ArrayList<>();
        for (int i = 0; i < 2 * OF_ONE_MAX; i++) {
            RawConnection client = new RawConnection(server.port());
            bodiless.add(client);
            client.write("PUT %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nX-Tenant-Id: %s\r\n"
                            .formatted(AI_CONFIG, root, tenants[i % 2].id)
                    + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n");
        }
        Api elsewhere = server.anonymous()
                .withToken(root)
                .with("X-Tenant-Id", TestServer.shared().newTenant().id);
        Wait.soon(() -> elsewhere.get(AI_CONFIG).status() == 429);
        admin(tenants[0]).get(AI_CONFIG).expect(200);
        bodiless.forEach(RawConnection::close);
        Wait.soon(() -> elsewhere.get(AI_CONFIG).status() == 200);
    }

    @Test
    void openStreams_doNotCount() {
        TestServer.Tenant tenant = TestServer.shared().newTenant();
        List<EventStream> streams = new ArrayList<>();
        Map<String, String> headers = Map.of("Accept", "text/event-stream", "Authorization", "Bearer " + token(tenant));
        for (int i = 0; i < STREAMS; i++) {
            streams.add(new EventStream(server.port(), "/v1/admin/audit", headers));
        }
        assertThat(server.metric("audit_streams_open")).isGreaterThanOrEqualTo(STREAMS);
        assertAllPlacesAreFree(admin(tenant));
        streams.forEach(EventStream::close);
    }

    @Test
    void clientsThatGoAway_leaveTheirPlaces() throws SQLException {
        TestServer.Tenant tenant = TestServer.shared().newTenant();
        TestServer.change(admin(tenant), "before").expect(200);
        String body = "{\"default_model\": null}";
        String head = "PUT " + AI_CONFIG + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token(tenant)
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
        try (Connection lock = held(tenant)) {
            for (int i = 0; i < 3; i++) {
                try (RawConnection client = new RawConnection(server.port())) {
                    client.write(head); // and goes before its body comes
                }
            }
            for (int i = 0; i < SHARE; i++) {
                try (RawConnection client = new RawConnection(server.port())) {
                    client.write(head + body); // and is in work when it goes
                }
            }
            lock.rollback();
        }
        Wait.soon(() -> admin(tenant).get(AI_CONFIG).status() == 200);
        Wait.soon(() -> Parallel.calls(
                        OF_ONE_MAX, i -> admin(tenant).get(AI_CONFIG).status())
                .stream()
                .allMatch(status -> status == 200));
    }
}
