package io.scaiwave.admin.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client that was generated from openapi.yaml compiles, and clients/java/UseTheApi.java gets along with the server by it. */
@Tag("long")
class JavaClientIT {
    private static final Path GENERATED = Path.of("target/clients/java/src/main/java");
    private static final Path PROGRAM = Path.of("clients/java/UseTheApi.java");
    private static final Path CLASSES = Path.of("target/clients/java-classes");
    private static final Path SAID = Path.of("target/clients/java-said");
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final long SECONDS_MAX = 60;

    @Test
    void generatedClient_works() throws IOException, InterruptedException {
        compile();
        TestServer server = TestServer.shared();
        TestServer.Tenant tenant = server.newPartner().newTenant(", \"limits\": {\"max_storage_bytes\": 107374182400}");
        String token = server.platform()
                .scaiKey()
                .token(Map.of("sub", "client", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        CLASSES + System.getProperty("path.separator") + CLASS_PATH,
                        "UseTheApi",
                        "http://127.0.0.1:" + server.port(),
                        token)
                .redirectErrorStream(true)
                .redirectOutput(SAID.toFile())
                .start();
        boolean ended = program.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
        program.destroyForcibly();
        assertThat(SAID).hasContent("The generated Java client works.");
        assertThat(ended).isTrue();
        assertThat(program.waitFor()).isZero();
    }

    private static void compile() throws IOException {
        Files.createDirectories(CLASSES);
        List<Path> sources = new ArrayList<>(List.of(PROGRAM));
        try (Stream<Path> files = Files.walk(GENERATED)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", CLASSES.toString(), "-cp", CLASS_PATH, "-proc:none", "-nowarn");
            boolean compiled = compiler.getTask(
                            said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }
}
