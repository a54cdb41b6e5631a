package io.scaiwave.example.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.testing.AsyncApi;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.example.consumer.ChainCheck.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sample of a consumer, on what the server sends and on what a forger would. */
class ConsumeTest {
    private static final Duration AT_MOST = Duration.ofSeconds(20);

    private final TestServer server = TestServer.shared();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private boolean consumed(String topic) throws IOException {
        return consumed(topic, false, Optional.empty());
    }

    /** By a new consumer each time, as after a restart. */
    private boolean consumed(String topic, boolean replay, Optional<Path> state) throws IOException {
        Consume consume = new Consume(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
        return consume.read(
                new Consume.Order(server.platform().kafka().bootstrapServers(), topic, true, replay, state));
    }

    private List<String> handled() {
        List<String> lines = out.toString(UTF_8).lines().toList();
        out.reset();
        return lines;
    }

    private String said() {
        String text = err.toString(UTF_8);
        err.reset();
        return text;
    }

    private List<AuditTopic.Event> changes(TestServer.Tenant tenant) {
        for (String change : List.of("enable", "disable", "enable")) {
            tenant.admin.post("/v1/admin/models/scailar-pro/" + change).expect(200);
        }
        return AuditTopic.read(server.platform().kafka().bootstrapServers(), "tenant:" + tenant.id, 3, AT_MOST);
    }

    @Test
    void whatTheServerSends_isPrintedAndWhole() throws Exception {
        TestServer.Tenant tenant = server.newTenant();
        assertThat(changes(tenant)).hasSize(3);
        consumed("scaiwave.admin.audit.v1");
        assertThat(out.toString(UTF_8).lines().filter(line -> line.contains("tenant:" + tenant.id)))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line)
                        .contains("#2 model.disable scailar-pro by \"Ada Admin\"", "\"after\":{\"enabled\":false}"));
        assertThat(err.toString(UTF_8)).doesNotContain(tenant.id);
    }

    @Test
    void anAlteredEvent_isNamedAndRepeatsAreNot() throws Exception {
        TestServer.Tenant tenant = server.newTenant();
        List<AuditTopic.Event> events = changes(tenant);
        String topic = newTopic("altered");
        send(topic, events.get(0).value());
        send(topic, events.get(0).value());
        send(topic, events.get(1).value());
        assertThat(consumed(topic)).as("%s", err).isTrue();
        assertThat(err.toString(UTF_8)).doesNotContain(tenant.id);

        ObjectNode altered = events.get(2).value().deepCopy();
        ((ObjectNode) altered.path("data")).put("actor_name", "Somebody Else");
        send(topic, altered);
        assertThat(consumed(topic)).isFalse();
        assertThat(err.toString(UTF_8))
                .contains("ALTERED tenant:" + tenant.id + "#3: its hash is not that of its members");
    }

    @Test
    void aRestart_goesOnAndAReplayHandlesNothingTwice(@TempDir Path folder) throws Exception {
        List<AuditTopic.Event> events = changes(server.newTenant());
        String topic = newTopic("replay");
        Optional<Path> state = Optional.of(folder.resolve("state.json"));
        send(topic, events.get(0).value());
        send(topic, events.get(0).value());
        assertThat(consumed(topic, false, state)).as("%s", err).isTrue();
        assertThat(handled()).singleElement().asString().contains("#1 model.enable");

        // The second is held back: a gap, which a restart does not forget.
        send(topic, events.get(2).value());
        said();
        assertThat(consumed(topic, false, state)).isFalse();
        assertThat(handled()).singleElement().asString().contains("#3 model.enable");
        assertThat(said()).contains("GAP ", "1 entries missing; records: {GAP=1}");
        assertThat(consumed(topic, true, state)).isFalse();
        assertThat(handled()).isEmpty();
        assertThat(said()).contains("1 entries missing; records: {REPEAT=3}");

        ObjectNode late = events.get(1).value().deepCopy();
        send(topic, late.put("replay", true));
        assertThat(consumed(topic, false, state)).isTrue();
        assertThat(handled()).singleElement().asString().contains("#2 model.disable");
        assertThat(said()).contains("FILLED ", "0 entries missing; records: {FILLED=1}");
        assertThat(consumed(topic, true, state)).isTrue();
        assertThat(consumed(topic, false, state)).isTrue();
        assertThat(handled()).isEmpty();
        assertThat(said()).contains("{REPEAT=4}", "{}");

        ((ObjectNode) late.path("data")).put("resource_id", "another");
        send(topic, late);
        assertThat(consumed(topic, false, state)).isFalse();
        assertThat(said()).contains("ALTERED ").contains("its hash is not that of its members");
        assertThatThrownBy(() -> consumed("another", false, state)).isInstanceOf(IOException.class);
    }

    private Map<String, Object> settings() {
        return Map.of("bootstrap.servers", server.platform().kafka().bootstrapServers());
    }

    private String newTopic(String name) throws Exception {
        String topic = TestServer.unique(name);
        try (Admin admin = Admin.create(settings())) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(2), Optional.empty())))
                    .all()
                    .get();
        }
        return topic;
    }

    private void send(String topic, JsonNode event) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings(), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, event.at("/data/chain").asText(), event.toString()))
                    .get();
        }
    }

    /** The chain of the examples in some order, and what is found of each; what the letters do is said below. */
    @ParameterizedTest
    @CsvSource({
        "1 2 3 4 5, NEXT NEXT NEXT NEXT NEXT, 0",
        "1 2 1 2 3, NEXT NEXT REPEAT REPEAT NEXT, 0",
        "1 3 2 4, NEXT GAP FILLED NEXT, 0",
        "1 6 3 5 4 2 7, NEXT GAP FILLED FILLED FILLED FILLED NEXT, 0",
        "2 4 1, GAP GAP FILLED, 1",
        "1 5 5 3 3 8, NEXT GAP REPEAT FILLED REPEAT GAP, 4",
        "1 2f 3, NEXT FORK FORK, 0",
        "1 2 2f 3, NEXT NEXT FORK NEXT, 0",
        "1 3 2f 2, NEXT GAP FORK FILLED, 0",
        "1 4 2f 2, NEXT GAP FORK FILLED, 1",
        "1 4 3f 3, NEXT GAP FORK FILLED, 1",
        "1 2a 2 3, NEXT ALTERED NEXT NEXT, 0",
        "1 2a 3 2, NEXT ALTERED GAP FILLED, 0",
        "1 2i 2k 2, NEXT ALTERED ALTERED NEXT, 0",
        "1 x 2, NEXT ALTERED NEXT, 0"
    })
    void chains_areChecked(String order, String expected, long missing) throws Exception {
        List<JsonNode> events = examples();
        ChainCheck check = new ChainCheck();
        String[] kinds = expected.split(" ");
        int i = 0;
        for (String each : order.split(" ")) {
            Kind kind = each.equals("x")
                    ? check.check("platform", "{\"data\": {}}".getBytes(UTF_8)).kind()
                    : event(check, events.get(Character.digit(each.charAt(0), 10) - 1), each.substring(1));
            assertThat(kind.name()).as("%s, record %d", order, i).isEqualTo(kinds[i++]);
        }
        assertThat(check.missing()).isEqualTo(missing);
    }

    /** @param way empty: as it is; f: forged, with a hash of its own; a: altered; i: with another id; k: under another key */
    private static Kind event(ChainCheck check, JsonNode original, String way) throws Exception {
        ObjectNode event = original.deepCopy();
        ObjectNode entry = (ObjectNode) event.path("data");
        switch (way) {
            case "f" -> {
                entry.put("actor_name", "A Forger")
                        .put("prev_hash", "f".repeat(64))
                        .remove("hash");
                byte[] canonical = new JsonCanonicalizer(entry.toString()).getEncodedUTF8();
                entry.put(
                        "hash",
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(canonical)));
            }
            case "a" -> entry.put("seq", entry.path("seq").asLong() + 1);
            case "i" -> event.put("id", "another");
            default -> assertThat(way).isIn("", "k");
        }
        return check.check(
                        way.equals("k") ? "platform" : entry.path("chain").asText(),
                        event.toString().getBytes(UTF_8))
                .kind();
    }

    private static List<JsonNode> examples() {
        return AsyncApi.published().messages().stream()
                .flatMap(message -> AsyncApi.published().examples(message).stream())
                .map(example -> example.path("payload"))
                .filter(event -> event.at("/data/chain").asText().startsWith("tenant:")
                        && event.at("/data/prev_hash").isTextual()
                        && !event.has("replay"))
                .sorted(Comparator.comparingLong(event -> event.at("/data/seq").asLong()))
                .toList();
    }
}
