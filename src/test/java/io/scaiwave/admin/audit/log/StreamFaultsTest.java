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
import java.time.Instant;
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
    /** By then it was looked whether the caller may still read; shorter than the silence after which a live stream says something. */
    private static final long AGAIN_MS = 12_000;

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
                .es256Token(Map.of("sub", "reader", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
    }

    private static InputStream export() throws Exception {
        return export(token(), Map.of());
    }

    private static InputStream export(String token, Map<String, String> headers) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + AUDIT))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/x-ndjson");
        headers.forEach(request::header);
        HttpResponse<InputStream> response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
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

    private static String partnerToken(TestServer.Partner partner) {
        return server.platform()
                .scaiKey()
                .es256Token(Map.of("sub", "overseer", "role", "partner_admin", "partner_id", partner.scaiKeyId));
    }

    @Test
    void aTokenThatExpires_cutsItsExportOff() throws Exception {
        long expires = Instant.now().getEpochSecond() + 3;
        String token = server.platform()
                .scaiKey()
                .es256Token(
                        Map.of("sub", "brief", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId, "exp", expires));
        try (InputStream brief = export(token, Map.of());
                InputStream lasting = export()) {
            brief.readNBytes(1024);
            lasting.readNBytes(1024);
            Thread.sleep(AGAIN_MS);
            assertThatThrownBy(brief::readAllBytes).isInstanceOf(IOException.class);
            assertThat(lasting.readAllBytes()).isNotEmpty();
        }
    }

    @Test
    void aPartnerThatIsSuspended_endsWhatIsReadByItsAdminsAndThoseBelow() throws Exception {
        String url = "/v1/admin/partners/" + tenant.partner.id;
        TestServer.Partner child = server.newPartner(",\"parent_partner_id\":\"%s\"".formatted(tenant.partner.id));
        Map<String, String> below = Map.of("Authorization", "Bearer " + partnerToken(child));
        Map<String, String> own = Map.of("Authorization", "Bearer " + token());
        try (InputStream export = export(partnerToken(tenant.partner), Map.of("X-Tenant-Id", tenant.id));
                EventStream ended = new EventStream(server.port(), AUDIT + "?action=none", below);
                EventStream untouched = new EventStream(server.port(), AUDIT + "?action=none", own)) {
            export.readNBytes(1024);
            ended.next(STALL_MS);
            untouched.next(STALL_MS);
            server.superAdmin().put(url, "{\"status\":\"suspended\"}").expect(200);
            EventStream.Block last = ended.next(AGAIN_MS);
            assertThat(last).isNotNull();
            assertThat(last.lines()).isEmpty();
            assertThat(ended.cutOff()).isFalse();
            assertThatThrownBy(export::readAllBytes).isInstanceOf(IOException.class);
            assertThat(untouched.next(STALL_MS)).isNull();
        } finally {
            server.superAdmin().put(url, "{\"status\":\"active\"}").expect(200);
        }
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
