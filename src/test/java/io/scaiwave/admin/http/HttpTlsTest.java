package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.Main;
import io.scaiwave.admin.cli.Cli;
import io.scaiwave.admin.local.FreePort;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Certificates;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API's port with TLS: what it speaks, what it refuses, and how its certificate is replaced while it runs. */
class HttpTlsTest {
    private static final int PER_ADDRESS = 20;
    private static final String TLS_1_1 = "0302";
    private static final String ALERT = "15";
    private static final String PROTOCOL_VERSION = "0246";

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static SSLContext trusting;
    private static TestServer node;
    private static Api management;
    private static String managementPort;

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException {
        certificates = Certificates.in(folder);
        certificates.issue("first", "first", "ip:127.0.0.1");
        certificates.issue("second", "second", "ip:127.0.0.1");
        trusting = trusting(certificates.authority());
        install(certificates.certificate("first"), certificates.key("first"));
        int port = FreePort.find();
        managementPort = Integer.toString(port);
        management = new Api(port, Map.of());
        node = TestServer.shared()
                .beside(files(Map.of(
                        "SCAIWAVE_HTTP_TLS_CHECK_MS",
                        "50",
                        "SCAIWAVE_HTTP_MANAGEMENT_PORT",
                        managementPort,
                        "SCAIWAVE_HTTP_HEAD_MS",
                        "1500",
                        "SCAIWAVE_HTTP_INSTANCES",
                        "2",
                        "SCAIWAVE_HTTP_PORT",
                        Integer.toString(FreePort.find()),
                        "SCAIWAVE_HTTP_CONNECTIONS_PER_ADDRESS",
                        Integer.toString(PER_ADDRESS))));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static Map<String, String> files(Map<String, String> others) {
        Map<String, String> all = new LinkedHashMap<>(others);
        all.put("SCAIWAVE_HTTP_TLS_CERT_FILE", folder.resolve("served.crt").toString());
        all.put("SCAIWAVE_HTTP_TLS_KEY_FILE", folder.resolve("served.key").toString());
        return all;
    }

    private static void install(Path certificate, Path key) throws IOException {
        Files.copy(certificate, folder.resolve("served.crt"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(key, folder.resolve("served.key"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** With its handshake done, and the certificate checked. */
    private static SSLSocket connect(String... protocols) throws IOException {
        SSLSocket socket =
                (SSLSocket) trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), node.port());
        socket.setSoTimeout(10_000);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        socket.startHandshake();
        return socket;
    }

    private static String served() throws IOException {
        try (SSLSocket socket = connect()) {
            return name(socket);
        }
    }

    private static String name(SSLSocket socket) throws IOException {
        X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }

    private static double metric(String series) {
        return management
                .get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aRequest_isServedOverTls(String protocol) throws IOException {
        TestServer.Tenant tenant = TestServer.shared().newTenant();
        String token = TestServer.shared()
                .platform()
                .scaiKey()
                .es256Token(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
        try (RawConnection connection = new RawConnection(connect(protocol))) {
            RawConnection.Reply reply =
                    connection.exchange("GET", "/v1/admin/ai-config", "Authorization: Bearer " + token + "\r\n");
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(connection.exchange("GET", "/v1/admin/none", "").status())
                    .as("on the same connection")
                    .isEqualTo(404);
        }
    }

    @Test
    void plainHttp_isClosedWithoutAReply() {
        try (RawConnection connection = new RawConnection(node.port())) {
            connection.write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(connection.readToTheEnd()).doesNotContain("HTTP");
        }
    }

    @Test
    void anOlderTls_isRefused() {
        String hello = TLS_1_1 + "00".repeat(32) + "00" + "0004c014002f" + "0100";
        String message = "01" + "%06x".formatted(hello.length() / 2) + hello;
        String record = "160301" + "%04x".formatted(message.length() / 2) + message;
        try (RawConnection connection = new RawConnection(node.port())) {
            connection.write(HexFormat.of().parseHex(record));
            String answer = connection.readHex();
            assertThat(answer).startsWith(ALERT).endsWith(PROTOCOL_VERSION);
        }
    }

    @Test
    void aClientThatShakesNoHands_isClosedAndCounted() {
        String series = "admin_connections_closed_total{reason=\"handshake\"}";
        double before = metric(series);
        try (RawConnection connection = new RawConnection(node.port())) {
            assertThat(connection.isClosedByServer()).isTrue();
        }
        Wait.soon(() -> metric(series) > before);
    }

    @Test
    void handshakes_countAsConnections() throws IOException {
        List<RawConnection> silent = new ArrayList<>();
        String refused = "admin_connections_refused_total{reason=\"address\"}";
        double before = metric(refused);
        try {
            for (int i = 0; i < PER_ADDRESS + 1; i++) {
                silent.add(new RawConnection(node.port()));
            }
            Wait.soon(() -> metric(refused) > before);
        } finally {
            silent.forEach(RawConnection::close);
        }
        Wait.soon(() -> metric("admin_connections_open") == 0);
        assertThat(served()).as("there is room again when they are gone").isNotEmpty();
    }

    @Test
    void aNewCertificate_servesNewConnections_andABrokenOneNobody() throws IOException {
        double expiry = metric("admin_tls_certificate_expiry_seconds");
        try (RawConnection open = new RawConnection(connect())) {
            assertThat(open.exchange("GET", "/health/live", "").status()).isEqualTo(200);
            install(certificates.certificate("second"), certificates.key("second"));
            Wait.soon(() -> served().equals("CN=second"));
            assertThat(open.exchange("GET", "/health/live", "").status()).isEqualTo(200);

            double failures = metric("admin_tls_reload_failures_total");
            install(certificates.certificate("first"), certificates.key("second"));
            Wait.soon(() -> metric("admin_tls_reload_failures_total") > failures);
            assertThat(served()).isEqualTo("CN=second");

            install(certificates.certificate("first"), certificates.key("first"));
            Wait.soon(() -> served().equals("CN=first"));
            assertThat(open.exchange("GET", "/health/live", "").status()).isEqualTo(200);
        }
        assertThat(metric("admin_tls_certificate_expiry_seconds")).isEqualTo(expiry);
        assertThat(expiry).isGreaterThan(1.7e9);
    }

    @Test
    void anHttp2Client_speaksHttp1() throws IOException {
        try (SSLSocket socket =
                (SSLSocket) trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), node.port())) {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isNotEqualTo("h2");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "first.crt,   '',          SCAIWAVE_HTTP_TLS_KEY_FILE is not set",
        "'',          first.key,   SCAIWAVE_HTTP_TLS_CERT_FILE is not set",
        "absent,      first.key,   SCAIWAVE_HTTP_TLS_CERT_FILE names no readable file",
        "first.key,   first.key,   SCAIWAVE_HTTP_TLS_CERT_FILE names no PEM file of certificates",
        "first.crt,   absent,      SCAIWAVE_HTTP_TLS_KEY_FILE names no readable file",
        "first.crt,   first.crt,   SCAIWAVE_HTTP_TLS_KEY_FILE names no PEM file of a private RSA or EC key",
        "first.crt,   second.key,  SCAIWAVE_HTTP_TLS_KEY_FILE names another key than that of the certificate"
    })
    void filesThatCannotBeUsed_stopTheStart(String certificate, String key, String sentence) {
        Map<String, String> environment = TestServer.shared().platform().environment();
        environment.put(
                "SCAIWAVE_HTTP_TLS_CERT_FILE",
                certificate.isEmpty() ? "" : folder.resolve(certificate).toString());
        environment.put(
                "SCAIWAVE_HTTP_TLS_KEY_FILE",
                key.isEmpty() ? "" : folder.resolve(key).toString());
        assertThatThrownBy(() -> Main.start(environment)).hasMessageStartingWith(sentence);
    }

    @Test
    void theHealthVerb_asksEitherPort() {
        management.get("/health/ready").expect(200);
        String[] verb = {"health"};
        String port = Integer.toString(node.port());
        assertThat(Cli.health(verb, files(Map.of("SCAIWAVE_HTTP_PORT", port)))).isZero();
        assertThat(Cli.health(verb, Map.of("SCAIWAVE_HTTP_PORT", port)))
                .as("without TLS")
                .isEqualTo(1);
        Map<String, String> managed =
                Map.of("SCAIWAVE_HTTP_PORT", "1", "SCAIWAVE_HTTP_MANAGEMENT_PORT", managementPort);
        assertThat(Cli.health(verb, files(managed))).isZero();
    }
}
