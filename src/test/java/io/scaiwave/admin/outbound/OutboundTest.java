package io.scaiwave.admin.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.InvalidSetting;
import io.scaiwave.admin.testing.Certificates;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services behind a private authority, over real TLS. */
class OutboundTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final BoundedHttp.Limits LIMITS = new BoundedHttp.Limits(5_000, 1_000, 2);

    @TempDir
    static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void issue() {
        certificates = Certificates.in(folder);
        certificates.issue("right", "service", "ip:127.0.0.1");
        certificates.issue("wrong", "service", "dns:elsewhere.example");
    }

    @AfterAll
    static void stop() {
        VERTX.close().await();
    }

    private static String serve(String certificate) {
        int port = VERTX.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(
                                        certificates.certificate(certificate).toString())
                                .addKeyPath(certificates.key(certificate).toString())))
                .requestHandler(request -> request.response().end("hello"))
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        return "https://127.0.0.1:" + port + "/";
    }

    private static Outbound trusting(String caFile) {
        return new Outbound(VERTX, new Config.Outbound(caFile).authorities());
    }

    private static String get(Outbound outbound, String url) {
        return outbound.http(LIMITS).get(url, Map.of()).await().body().toString();
    }

    @Test
    void aPrivateAuthority_isTrustedWhereItIsNamed_andOnlyThere() {
        String url = serve("right");
        assertThat(get(trusting(certificates.authority().toString()), url)).isEqualTo("hello");
        assertThatThrownBy(() -> get(trusting(""), url)).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void aCertificateOfAnotherHost_isRefusedThoughItsAuthorityIsTrusted() {
        String url = serve("wrong");
        assertThatThrownBy(() -> get(trusting(certificates.authority().toString()), url))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void theAuthoritiesOfTheJvm_areTrustedBesides() throws Exception {
        TrustManagerFactory jvm = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        jvm.init((KeyStore) null);
        TrustManagerFactory ours = Outbound.trust(
                        new Config.Outbound(certificates.authority().toString()).authorities())
                .getTrustManagerFactory(VERTX);
        assertThat(authorities(ours))
                .hasSizeGreaterThan(authorities(jvm).size())
                .containsAll(authorities(jvm));
    }

    private static List<X509Certificate> authorities(TrustManagerFactory factory) {
        return Arrays.asList(((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers());
    }

    @Test
    void aFileThatIsMissingOrBroken_isASentence() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nnone");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        for (String file : List.of(folder.resolve("none.pem").toString(), broken.toString(), empty.toString(), "\0")) {
            assertThatThrownBy(() -> new Config.Outbound(file))
                    .isInstanceOf(InvalidSetting.class)
                    .hasMessageContaining("outbound.caFile must name a readable PEM file of certificates");
        }
    }
}
