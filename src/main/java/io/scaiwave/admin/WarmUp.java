package io.scaiwave.admin;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads the classes that a start needs, and starts nothing: for {@code java -XX:ArchiveClassesAtExit=FILE -jar … --warm-up}, which
 * writes them to an archive that {@code -XX:SharedArchiveFile=FILE} maps into the next JVM, instead of reading them from the jar.
 */
final class WarmUp {
    private static final String CLASS = ".class";

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

    static void run() {
        try (JarFile jar = new JarFile(own().toFile())) {
            jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(CLASS) && PACKAGES.stream().anyMatch(name::startsWith))
                    .forEach(name -> load(
                            name.substring(0, name.length() - CLASS.length()).replace('/', '.')));
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the jar cannot be read: " + e.getMessage(), e);
        }
    }

    private static Path own() throws URISyntaxException {
        return Path.of(
                WarmUp.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, WarmUp.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // of a library that is not in the jar, because nothing here needs it
        }
    }
}
