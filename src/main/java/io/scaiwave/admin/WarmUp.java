package io.scaiwave.admin;

import ch.qos.logback.classic.LoggerContext;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.ConfigLoader;
import io.scaiwave.admin.plugins.Plugins;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.slf4j.LoggerFactory;

/**
 * Rehearses a start with nothing there to start on, and loads the classes that are still missing: for {@code java
 * -XX:AOTCacheOutput=FILE -jar … --warm-up}, which writes what it learned to a file that {@code -XX:AOTCache=FILE} maps into the next
 * JVM. Without the rehearsal half of a start is linking lambdas and compiling what every start runs.
 */
final class WarmUp {
    private static final String CLASS = ".class";
    private static final int KEY_BYTES = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Of what starts with the server, and is not merely in the jar. */
    private static final List<String> PACKAGES = List.of(
            "io/scaiwave/",
            "io/vertx/core/",
            "io/vertx/ext/",
            "io/vertx/json/",
            "io/vertx/micrometer/",
            "io/vertx/openapi/",
            "io/vertx/pgclient/",
            "io/vertx/sqlclient/",
            "io/netty/bootstrap/",
            "io/netty/buffer/",
            "io/netty/channel/",
            "io/netty/handler/codec/http/",
            "io/netty/resolver/",
            "io/netty/util/",
            "com/fasterxml/jackson/",
            "com/networknt/",
            "ch/qos/logback/",
            "org/apache/kafka/clients/",
            "org/apache/kafka/common/",
            "org/slf4j/",
            "org/yaml/");

    private WarmUp() {}

    /** Nothing listens on port 1, and no secret is kept by these keys. */
    private static final Map<String, String> NOTHING_THERE = Map.of(
            "SCAIWAVE_DB_URL", "postgresql://nobody:nothing@127.0.0.1:1/none",
            "SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
            "SCAIWAVE_SCAIKEY_ISSUER", "http://127.0.0.1:1",
            "SCAIWAVE_SCAIKEY_JWKS_URL", "http://127.0.0.1:1/keys",
            "SCAIWAVE_SCAIGRID_URL", "http://127.0.0.1:1",
            "SCAIWAVE_SECRET_KEYS", "none:" + Base64.getEncoder().encodeToString(new byte[KEY_BYTES]),
            "SCAIWAVE_HTTP_HOST", "127.0.0.1",
            "SCAIWAVE_HTTP_PORT", "0",
            "SCAIWAVE_HTTP_STOP_DELAY_MS", "0");

    private static final List<String> ASKED = List.of("/health/ready", "/metrics", "/v1/admin/ai-config");

    static void run() {
        rehearse();
        if (Files.isRegularFile(own())) {
            load();
        }
    }

    private static void rehearse() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop(); // all it would say is that nothing is there
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, e) -> {}); // what gives up after the loops have ended has nobody to tell
        Config config = new ConfigLoader(NOTHING_THERE).load();
        try (Server server = Server.rehearse(config, Plugins.load())) {
            HttpClient client = HttpClient.newHttpClient();
            for (String path : ASKED) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("authorization", "Bearer none")
                        .timeout(PATIENCE)
                        .build();
                client.send(request, HttpResponse.BodyHandlers.discarding());
            }
        } catch (IOException e) {
            throw new IllegalStateException("the rehearsal failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void load() {
        try (JarFile jar = new JarFile(own().toFile())) {
            jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(CLASS) && PACKAGES.stream().anyMatch(name::startsWith))
                    .forEach(name -> load(
                            name.substring(0, name.length() - CLASS.length()).replace('/', '.')));
        } catch (IOException e) {
            throw new IllegalStateException("the jar cannot be read: " + e.getMessage(), e);
        }
    }

    private static Path own() {
        return Path.of(URI.create(
                WarmUp.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, WarmUp.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // of a library that is not in the jar, because nothing here needs it
        }
    }
}
