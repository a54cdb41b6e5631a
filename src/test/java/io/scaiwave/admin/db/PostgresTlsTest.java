package io.scaiwave.admin.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.PostgresUrl;
import io.scaiwave.admin.local.LocalPostgres;
import io.scaiwave.admin.testing.Certificates;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections to a real PostgreSQL with TLS, of the server's client and of the verbs' alike. */
class PostgresTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    private static Path folder;

    private static LocalPostgres postgres;
    private static Certificates certificates;
    private static Certificates others;

    @BeforeAll
    static void start() throws IOException, SQLException {
        certificates = Certificates.in(Files.createDirectory(folder.resolve("ours")));
        certificates.issue("server", "server", "ip:127.0.0.1");
        certificates.issue("client", "scaiwave_app", "dns:client");
        others = Certificates.in(Files.createDirectory(folder.resolve("others")));
        postgres = LocalPostgres.start(null);
        try (Connection superuser = DriverManager.getConnection(postgres.superuserJdbc());
                Statement statement = superuser.createStatement()) {
            Path data = Path.of(shown(statement, "data_directory"));
            install(certificates.certificate("server"), data.resolve("server.crt"), data);
            install(certificates.key("server"), data.resolve("server.key"), data);
            install(certificates.authority(), data.resolve("root.crt"), data);
            Path rules = Path.of(shown(statement, "hba_file"));
            Files.writeString(
                    rules,
                    "hostssl all scaiwave_app 127.0.0.1/32 trust clientcert=verify-ca\n"
                            + "hostssl all scaiwave_owner 127.0.0.1/32 trust\n"
                            + "hostnossl all scaiwave_owner,scaiwave_app all reject\n"
                            + Files.readString(rules));
            statement.execute("ALTER SYSTEM SET ssl_ca_file = 'root.crt'");
            statement.execute("ALTER SYSTEM SET ssl = on");
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    @AfterAll
    static void stop() {
        postgres.close();
        VERTX.close().await();
    }

    private static String shown(Statement statement, String setting) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            return row.getString(1);
        }
    }

    /** As PostgreSQL wants it: of its own user, and read by nobody else. */
    private static void install(Path file, Path to, Path like) throws IOException {
        Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-------"));
        Files.setAttribute(to, "unix:uid", Files.getAttribute(like, "unix:uid"));
        Files.setAttribute(to, "unix:gid", Files.getAttribute(like, "unix:gid"));
    }

    private static PostgresUrl url(String base, String parameters) {
        String named = parameters
                .replace("OURS", certificates.authority().toString())
                .replace("OTHERS", others.authority().toString())
                .replace("CERT", certificates.certificate("client").toString())
                .replace("KEY", certificates.key("client").toString());
        return PostgresUrl.parse("x", new Secret(base + named));
    }

    private static void connectBoth(PostgresUrl url) throws Exception {
        try (Connection verb = url.connect(PATIENCE);
                Statement statement = verb.createStatement();
                ResultSet row = statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
            row.next();
            assertThat(row.getBoolean(1)).isTrue();
        }
        connectServer(url);
    }

    private static void connectServer(PostgresUrl url) throws Exception {
        PgConnectOptions options = Pools.server(url, "test")
                .setHost(url.hosts().get(0).name())
                .setPort(url.hosts().get(0).port());
        PgConnection connection =
                PgConnection.connect(VERTX, options).await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(connection.isSSL()).isTrue();
        connection.close().await();
    }

    private static void refuseBoth(PostgresUrl url) {
        assertThatThrownBy(() -> url.connect(PATIENCE).close()).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> connectServer(url)).isNotInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @CsvSource({"?sslmode=require", "?sslmode=verify-ca&sslrootcert=OURS", "?sslmode=verify-full&sslrootcert=OURS"})
    void aServerOfTheRightAuthority_isTalkedToInTls(String parameters) {
        assertThatCode(() -> connectBoth(url(postgres.ownerUrl(), parameters))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "?sslmode=verify-ca&sslrootcert=OTHERS",
        "?sslmode=require&sslrootcert=OTHERS",
        "?sslmode=verify-full&sslrootcert=OTHERS"
    })
    void aServerOfAnotherAuthority_isRefused(String parameters) {
        refuseBoth(url(postgres.ownerUrl(), parameters));
    }

    @Test
    void aCertificateOfAnotherHost_isRefusedWhereTheHostCounts() {
        String elsewhere = postgres.ownerUrl().replace("127.0.0.1", "localhost");
        refuseBoth(url(elsewhere, "?sslmode=verify-full&sslrootcert=OURS"));
        assertThatCode(() -> connectBoth(url(elsewhere, "?sslmode=verify-ca&sslrootcert=OURS")))
                .doesNotThrowAnyException();
    }

    @Test
    void aClientShowsItsCertificate_whereItIsAskedFor() {
        refuseBoth(url(postgres.appUrl(), "?sslmode=verify-full&sslrootcert=OURS"));
        assertThatCode(() -> connectBoth(
                        url(postgres.appUrl(), "?sslmode=verify-full&sslrootcert=OURS&sslcert=CERT&sslkey=KEY")))
                .doesNotThrowAnyException();
    }

    @Test
    void withoutTls_aServerThatAsksForItRefuses() {
        refuseBoth(url(postgres.ownerUrl(), ""));
    }

    @ParameterizedTest
    @CsvSource({
        "?sslmode=verify-full, is not usable: sslrootcert must stand beside sslmode=verify-full",
        "?sslmode=allow, 'is not usable: sslmode must be disable, require, verify-ca or verify-full'",
        "?sslrootcert=OURS, is not usable: sslmode=require or more must stand beside certificates",
        "?sslmode=require&sslcert=CERT, is not usable: sslcert and sslkey need one another",
        "?sslmode=verify-ca&sslrootcert=/nowhere, is not usable: sslrootcert must name a readable PEM file of certificates",
        "?sslmode=require&sslcert=CERT&sslkey=CERT, is not usable: sslkey must name a PEM file with a PKCS #8 private key without a password"
    })
    void parametersThatDoNotFit_areNamed(String parameters, String problem) {
        assertThatThrownBy(() -> url("postgresql://a:hunter2@127.0.0.1/b", parameters))
                .hasMessage("x " + problem)
                .hasMessageNotContaining("hunter2");
    }
}
