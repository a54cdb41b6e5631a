package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to a trail, verify names the first bad place of each chain, or nobody can: in a file and on a topic. */
class MutatedTrailTest {
    private static final Pattern SCRIPT = Pattern.compile("```js\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private String kept(Trail trail) throws IOException {
        return Files.write(folder.resolve("checkpoints"), trail.checkpoints()).toString();
    }

    private static String key() {
        return "k1=" + Trail.KEYS.publicKeys().get("k1");
    }

    @Test
    void file_isBadWhereItWasChanged() throws IOException {
        assertFound(MutatedTrails.some());
    }

    @Test
    @Tag("long")
    void file_isBadWhereItWasChangedFirst_whateverElseWas() throws IOException {
        assertFound(MutatedTrails.all());
    }

    private void assertFound(List<MutatedTrails.Case> cases) throws IOException {
        for (MutatedTrails.Case each : cases) {
            Verb verb = Verb.verify(each.trail().lines(), "--checkpoints", kept(each.trail()), "--public-key", key());
            assertThat(Verdict.said(verb)).as("%s: %s", each.name(), verb.out()).isEqualTo(each.expected());
        }
        long unseen =
                cases.stream().filter(each -> each.expected().equals("whole")).count();
        System.out.println("mutated files: " + cases.size() + ", of which nobody can tell " + unseen);
    }

    /** The script of the documents, which shares nothing with us. */
    @Test
    void file_isJudgedAlikeByTheScriptOfTheDocuments() throws IOException, InterruptedException {
        assertJudgedAlike(MutatedTrails.some());
    }

    @Test
    @Tag("long")
    void file_isJudgedAlikeByTheScriptOfTheDocuments_whateverWasDone() throws IOException, InterruptedException {
        assertJudgedAlike(MutatedTrails.all());
    }

    private void assertJudgedAlike(List<MutatedTrails.Case> cases) throws IOException, InterruptedException {
        if (!hasNode()) {
            System.err.println(
                    "SKIPPED, BECAUSE THERE IS NO node: the script of docs/verifying.md was compared with nothing");
            return;
        }
        Matcher script = SCRIPT.matcher(Files.readString(Path.of("docs/verifying.md")));
        assertThat(script.find()).isTrue();
        assertThat(script.group(1).lines().count()).isLessThan(60);
        Files.writeString(folder.resolve("verify.mjs"), script.group(1));
        Map<List<String>, Map<String, String>> byCheckpoints = new HashMap<>();
        int number = 0;
        for (MutatedTrails.Case each : cases) {
            Path log =
                    Files.write(folder.resolve("log-" + number++), each.trail().lines());
            byCheckpoints
                    .computeIfAbsent(each.trail().checkpoints(), kept -> new LinkedHashMap<>())
                    .put(log.getFileName() + ": " + each.expected(), each.name());
        }
        for (Map.Entry<List<String>, Map<String, String>> group : byCheckpoints.entrySet()) {
            Files.write(folder.resolve("kept"), group.getKey());
            List<String> logs = group.getValue().keySet().stream()
                    .map(line -> line.replaceAll(":.*", ""))
                    .toList();
            assertThat(node(logs)).containsExactlyElementsOf(group.getValue().keySet());
        }
        System.out.println("judged alike by the script: " + number);
    }

    private static boolean hasNode() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> node(List<String> logs) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("node", "verify.mjs", key(), "kept"));
        line.addAll(logs);
        Process process = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        List<String> said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).as("%s", said).isZero();
        return said;
    }

    @Test
    void topic_isBadWhereItWasChanged() throws IOException {
        TestServer server = TestServer.shared();
        Map<String, String> environment = new HashMap<>(server.platform().environment());
        Map<String, Object> client = Map.of("bootstrap.servers", environment.get("SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS"));
        SplittableRandom random = new SplittableRandom(MutatedTrails.SEED);
        try (Admin admin = Admin.create(client);
                KafkaProducer<String, byte[]> producer =
                        new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer())) {
            for (Mutation mutation : Mutation.values()) {
                Trail trail = mutation.on(MutatedTrails.WHOLE, random).trail();
                String topic = TestServer.unique("mutated");
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)));
                produce(producer, topic, trail.lines());
                environment.put("SCAIWAVE_AUDIT_TOPIC", topic);
                String[] arguments = {
                    "verify", "--kafka", "--no-topic-checkpoints", "--checkpoints", kept(trail), "--public-key", key()
                };
                Verb verb = Verb.run(environment, arguments);
                assertThat(Verdict.said(verb))
                        .as("%s: %s", mutation, verb.out())
                        .isEqualTo(places(trail));
            }
        }
    }

    private static void produce(KafkaProducer<String, byte[]> producer, String topic, List<String> lines) {
        List<Future<RecordMetadata>> sent = lines.stream()
                .map(line -> producer.send(new ProducerRecord<>(topic, event(line))))
                .toList();
        producer.flush();
        assertThat(sent).allMatch(Future::isDone);
    }

    /** A record that cannot be read is named by its offset, not by a line. */
    private static String places(Trail trail) {
        String all = Verdict.of(trail, true);
        String places = all.replaceAll("(, )?line \\d+", "");
        return places.isEmpty() ? "status 1: whole" : places;
    }

    private static byte[] event(String line) {
        ObjectNode entry = Trail.parsed(line);
        if (entry == null) {
            return line.getBytes(StandardCharsets.UTF_8);
        }
        ObjectNode event = Json.MAPPER.createObjectNode().put("specversion", "1.0");
        event.set("id", entry.get("id"));
        event.set("data", entry);
        return Json.bytes(event);
    }
}
