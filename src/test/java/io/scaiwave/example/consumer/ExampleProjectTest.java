package io.scaiwave.example.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.local.ClassPath;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.TestServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** examples/consumer as the project of its own that it is: it builds and runs with the dependencies of its own pom alone. */
class ExampleProjectTest {
    private static final Path PROJECT = Path.of("examples", "consumer");

    @TempDir
    private Path work;

    /** Versions by artifact, of all dependencies and plugins in a pom; "bom" for those that a bom manages. */
    private static Map<String, String> versions(Path pom) throws Exception {
        Element project = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(pom.toFile())
                .getDocumentElement();
        Map<String, String> found = new TreeMap<>();
        for (String kind : List.of("dependency", "plugin")) {
            var all = project.getElementsByTagName(kind);
            for (int i = 0; i < all.getLength(); i++) {
                Element each = (Element) all.item(i);
                String version = text(each, "version");
                if (version.startsWith("${")) {
                    version = text(project, version.substring(2, version.length() - 1));
                }
                found.merge(text(each, "artifactId"), version, (a, b) -> a.isEmpty() ? b : a);
            }
        }
        return found;
    }

    private static String text(Element parent, String name) {
        var found = parent.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
    }

    @Test
    void itsVersions_areThoseOfTheServer() throws Exception {
        Map<String, String> ours = versions(Path.of("pom.xml"));
        ours.put("jackson-databind", ours.get("jackson-bom"));
        ours.put("slf4j-simple", ours.get("slf4j-api"));
        Map<String, String> its = versions(PROJECT.resolve("pom.xml"));
        assertThat(its).hasSizeGreaterThan(4).doesNotContainValue("");
        assertThat(ours).containsAllEntriesOf(its);
    }

    /** The jars that its pom brings, by the beginning of their names. */
    private static String itsClassPath() {
        List<String> wanted = List.of(
                "kafka-clients-",
                "lz4-java-",
                "snappy-java-",
                "zstd-jni-",
                "jackson-",
                "cloudevents-",
                "java-json-canonicalization-",
                "slf4j-api-");
        return Arrays.stream(ClassPath.current().split(File.pathSeparator))
                .filter(entry ->
                        wanted.stream().anyMatch(Path.of(entry).getFileName().toString()::startsWith))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void compile() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--release", "17", "-Xlint:all,-classfile", "-Werror", "-cp", itsClassPath(), "-d", work.toString()));
        try (Stream<Path> sources = Files.walk(PROJECT.resolve("src"))) {
            sources.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .as("exit status of javac")
                .isZero();
    }

    private String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                work + File.pathSeparator + itsClassPath(),
                "io.scaiwave.example.consumer.Consume"));
        command.addAll(List.of(arguments));
        Path said = work.resolve("said");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        return process.waitFor() + "\n" + Files.readString(said);
    }

    @Test
    void whatIsBuilt_readsTheTopicOfAServer() throws Exception {
        TestServer server = TestServer.shared();
        TestServer.Tenant tenant = server.newTenant();
        tenant.admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        String kafka = server.platform().kafka().bootstrapServers();
        assertThat(AuditTopic.read(kafka, "tenant:" + tenant.id, 1, Duration.ofSeconds(20)))
                .hasSize(1);
        compile();
        String said = run(kafka, "scaiwave.admin.audit.v1", "--once");
        assertThat(said)
                .contains("tenant:" + tenant.id + "#1 model.enable scailar-pro by \"Ada Admin\"")
                .contains("entries missing; records: {NEXT=");
        assertThat(run()).startsWith("2\n").contains("Which Kafka?");
    }
}
