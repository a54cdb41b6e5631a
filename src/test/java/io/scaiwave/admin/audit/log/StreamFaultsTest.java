package io.scaiwave.admin.audit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scaiwave.admin.testing.EventStream;
import io.scaiwave.admin.testing.LogRows;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that are slow or go away, and servers that fail or stop, in the middle of a long answer. */
class StreamFaultsTest {
    private static final String AUDIT = "/v1/admin/audit";
    private static final int ENTRIES = 100_000;
    /** What the sockets between may hold; an export that did not wait would have made them all. */
    private static final int IN_FLIGHT_MAX = 30_000;

    /** How long a stop waits for requests that do not end. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private static final long STALL_MS = 500;

    private static TestServer server;
    private static TestServer.Tenant tenant;

    @BeforeAll
    static void fill() {
        server = TestServer.mistreated();
        tenant = server.newTenant();
        LogRows.addMany(server, tenant.chain, ENTRIES);
    }

    private static String token() {
        return server.platform()
                .scaiKey()
                .token(Map.of("sub", "reader", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
    }

    private static InputStream export() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + AUDIT))
                .header("Authorization", "Bearer " + token())
                .header("Accept", "application/x-ndjson")
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static double made() {
        return server.metric("audit_exported_entries_total");
    }

    /** How many were made once no more are, because the buffers between are full or nobody reads. */
    private static double settled() {
        AtomicReference<Double> last = new AtomicReference<>(-1.0);
        await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(STALL_MS))
                .until(() -> made() == last.getAndSet(made()));
        return last.get();
    }

    @Test
    void aSlowReader_holdsTheExportBackAndGetsItWhole() throws Exception {
        double before = made();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(export(), StandardCharsets.UTF_8))) {
            in.readLine();
            double stalled = settled();
            assertThat(stalled - before).isLessThan(IN_FLIGHT_MAX);
            assertThat(1 + in.lines().count()).isGreaterThanOrEqualTo(ENTRIES);
            assertThat(made() - before).isGreaterThanOrEqualTo(ENTRIES);
        }
    }

    @Test
    void aClientThatGoesAway_endsTheWork() throws Exception {
        double before = made();
        try (InputStream in = export()) {
            assertThat(in.readNBytes(1024)).hasSize(1024);
        }
        assertThat(settled() - before).isLessThan(IN_FLIGHT_MAX);
    }

    @Test
    void aDatabaseThatGoesAway_cutsTheExportOff() throws Exception {
        try (InputStream in = export()) {
            in.readNBytes(1024);
            server.platform().postgres().stopImmediately();
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
            server.as(Map.of("role", "tenant_admin", "tenant_id", tenant.scaiKeyId))
                    .with("Accept", "application/x-ndjson")
                    .get(AUDIT)
                    .expect(503, "SW_UNAVAILABLE");
        } finally {
            server.platform().postgres().startAgain();
        }
        Wait.soon(() -> server.anonymous().get("/health/ready").status() == 200);
    }

    @Test
    void aStop_endsOpenStreamsAtOnce() throws Exception {
        try (EventStream stream = new EventStream(server.port(), AUDIT, Map.of("Authorization", "Bearer " + token()))) {
            stream.event();
            CompletableFuture<Duration> stop = CompletableFuture.supplyAsync(server::restart);
            EventStream.Block last = stream.next(5_000);
            assertThat(last.lines()).isEmpty();
            assertThat(stream.cutOff()).isFalse();
            assertThat(stop.get(60, TimeUnit.SECONDS)).isLessThan(DRAIN);
        }
        assertThat(server.anonymous().get("/health/ready").status()).isEqualTo(200);
    }
}
