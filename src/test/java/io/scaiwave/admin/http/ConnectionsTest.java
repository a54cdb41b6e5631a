package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No connection stays open for nothing, and there are no more of them than the settings say. */
class ConnectionsTest {
    private static final String GET = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n";
    private static final String PUT = "PUT /v1/admin/prompt-studio HTTP/1.1\r\nHost: localhost\r\n";
    private static final int PER_ADDRESS = 20;
    private static final long DEADLINE_MS = 600;

    private static TestServer node;
    private static String token;
    private static TestServer.Tenant tenant;

    @BeforeAll
    static void start() {
        tenant = TestServer.shared().newTenant();
        token = "Content-Type: application/json\r\nAuthorization: Bearer "
                + TestServer.shared()
                        .platform()
                        .scaiKey()
                        .es256Token(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId))
                + "\r\n";
        String deadline = Long.toString(DEADLINE_MS);
        node = TestServer.shared().beside(settings(Map.of("SCAIWAVE_HTTP_HEAD_MS", deadline)));
    }

    private static Map<String, String> settings(Map<String, String> others) {
        String deadline = Long.toString(DEADLINE_MS);
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "SCAIWAVE_HTTP_BODY_MS", deadline,
                "SCAIWAVE_HTTP_IDLE_MS", deadline,
                "SCAIWAVE_HTTP_CONNECTIONS_PER_ADDRESS", Integer.toString(PER_ADDRESS)));
        all.putAll(others);
        return all;
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    static Stream<Arguments> slow() {
        return Stream.of(
                Arguments.of("nothing", "head", ""),
                Arguments.of("half a request line", "head", "GET /hea"),
                Arguments.of("half a head", "head", GET + "X-A: "),
                Arguments.of("half a preface of HTTP/2", "head", "PRI * HTTP/2.0\r\n"),
                Arguments.of("half a body of a stranger", "body", PUT + "Content-Length: 100\r\n\r\n{"),
                Arguments.of("half a body", "body", PUT + "{token}Content-Length: 100\r\n\r\n{"),
                Arguments.of("half a chunk", "body", PUT + "{token}Transfer-Encoding: chunked\r\n\r\n20\r\n{"),
                Arguments.of("a request, then nothing", "idle", GET + "\r\n"),
                Arguments.of("a request, then half a head", "idle", GET + "\r\n" + GET));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("slow")
    void aSlowClient_isClosedAtTheDeadline(String name, String reason, String bytes) {
        double before = closed(reason);
        long began = System.nanoTime();
        try (RawConnection connection = new RawConnection(node.port())) {
            connection.write(bytes.replace("{token}", token));
            connection.readToTheEnd();
            assertThat((System.nanoTime() - began) / 1_000_000).isBetween(DEADLINE_MS / 2, DEADLINE_MS * 10);
        }
        assertThat(closed(reason)).isGreaterThan(before);
    }

    private static double closed(String reason) {
        String series = "admin_connections_closed_total{reason=\"" + reason + "\"}";
        return node.metrics()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    @Test
    void aBodyThatTrickles_isRefusedAtTheDeadlineAndChangesNothing() {
        try (RawConnection connection = new RawConnection(node.port())) {
            connection.write(PUT + token + "Content-Length: 17\r\n\r\n{");
            for (int i = 0; i < 10 && !connection.hasReply(); i++) {
                Wait.pause(DEADLINE_MS / 4);
                connection.writeIfOpen(" ");
            }
            RawConnection.Reply reply = connection.read(false);
            assertThat(reply.status()).isEqualTo(408);
            assertThat(reply.code()).isEqualTo("SW_REQUEST_TIMEOUT");
            assertThat(reply.headers()).containsEntry("connection", "close");
        }
        assertThat(tenant.admin
                        .get("/v1/admin/audit?action=prompt_studio.update")
                        .expect(200)
                        .data())
                .isEmpty();
    }

    @Test
    void aLiveStream_outlivesAllDeadlines() {
        try (RawConnection connection = new RawConnection(node.port())) {
            connection.write("GET /v1/admin/audit HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + token
                    + "\r\n");
            Wait.pause(DEADLINE_MS * 3);
            TestServer.Tenant own = tenant;
            own.change("streamed").expect(200);
            assertThat(connection.readUntil("ai_config.update")).contains("200 OK");
        }
    }

    @Test
    void aConnectionInUse_isKept() {
        try (RawConnection connection = new RawConnection(node.port())) {
            for (int i = 0; i < 8; i++) {
                Wait.pause(DEADLINE_MS / 3);
                assertThat(connection.exchange("GET", "/health/live", "").status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void oneAddress_cannotTakeAllConnections() {
        try (TestServer other = TestServer.shared().beside(settings(Map.of("SCAIWAVE_HTTP_HEAD_MS", "60000")))) {
            assertThat(letIn(other)).isEqualTo(PER_ADDRESS);
            Wait.soon(() -> other.metric("admin_connections_refused_total") >= PER_ADDRESS);
            assertThat(other.anonymous().get("/health/live").status())
                    .as("there is room again when they are gone")
                    .isEqualTo(200);
        }
    }

    @Test
    void aTrustedProxy_hasOnlyTheLimitOfAll() {
        Map<String, String> trusted = Map.of(
                "SCAIWAVE_TRUSTED_PROXIES", "127.0.0.0/8",
                "SCAIWAVE_HTTP_HEAD_MS", "60000",
                "SCAIWAVE_HTTP_CONNECTIONS_MAX", "30");
        try (TestServer other = TestServer.shared().beside(settings(trusted))) {
            assertThat(letIn(other)).isEqualTo(30);
        }
    }

    /** How many of twice as many as one address may have are served, all of them open at once. */
    private static int letIn(TestServer other) {
        List<RawConnection> connections = new ArrayList<>();
        int served = 0;
        try {
            for (int i = 0; i < 2 * PER_ADDRESS; i++) {
                RawConnection connection = new RawConnection(other.port());
                connections.add(connection);
                connection.writeIfOpen(GET.substring(0, GET.length() - 2) + "\r\n\r\n");
                served += connection.readIfOpen() == 200 ? 1 : 0;
            }
            return served;
        } finally {
            connections.forEach(RawConnection::close);
            Wait.pause(100);
        }
    }
}
