package io.scaiwave.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.testing.AsyncApi;
import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What asyncapi.yaml says of activity and its dead letters is what the server takes and makes. */
class ActivityContractTest {
    private static final AsyncApi DOCUMENT = AsyncApi.published();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "io.scaiwave.";

    static List<JsonNode> examples() {
        return DOCUMENT.messages().stream()
                .filter(name -> name.startsWith(PREFIX) && !name.startsWith(PREFIX + "admin."))
                .flatMap(name -> DOCUMENT.examples(name).stream())
                .map(example -> example.path("payload"))
                .toList();
    }

    private static boolean isDescribed(JsonNode event) {
        String type = event.path("type").asText();
        return DOCUMENT.messages().contains(type)
                && DOCUMENT.problems(type, event).isEmpty();
    }

    private static boolean isRead(JsonNode event) {
        try {
            ActivityReader.read(event.toString().getBytes(StandardCharsets.UTF_8), 1_800_000_000_000L);
            return true;
        } catch (Fields.Unreadable e) {
            return false;
        }
    }

    @Test
    void examples_areOfEachType() {
        assertThat(examples())
                .extracting(event -> event.path("type").asText())
                .containsExactlyInAnyOrder(
                        "io.scaiwave.room.created",
                        "io.scaiwave.room.closed",
                        "io.scaiwave.ai.used",
                        "io.scaiwave.storage.changed",
                        "io.scaiwave.participant.joined",
                        "io.scaiwave.participant.left");
    }

    /** Each member of each example away, null, of another type, or unknown: the server and the document take the same. */
    @ParameterizedTest
    @MethodSource("examples")
    void schemaAndReader_agreeOnEachMember(JsonNode example) {
        assertThat(isRead(example)).as("%s", example).isTrue();
        List<ObjectNode> variants = new ArrayList<>();
        for (String at : List.of("", "/data")) {
            example.at(at).fieldNames().forEachRemaining(member -> {
                for (String value : List.of("-", "null", "true", "\"\"", "[]", "{}", "-1", "1.5", "\"%\"")) {
                    variants.add(variant(example, at, member, value));
                }
            });
            variants.add(variant(example, at, "unknown", "1"));
        }
        assertThat(variants).hasSizeGreaterThan(60);
        for (ObjectNode variant : variants) {
            assertThat(isDescribed(variant)).as("%s", variant).isEqualTo(isRead(variant));
        }
    }

    /** @param value JSON, or a hyphen to leave the member out */
    private static ObjectNode variant(JsonNode example, String at, String member, String value) {
        ObjectNode variant = example.deepCopy();
        ObjectNode object = (ObjectNode) variant.at(at);
        try {
            if (value.equals("-")) {
                object.remove(member);
            } else {
                object.set(member, JSON.readTree(value));
            }
        } catch (IOException e) {
            fail(value, e);
        }
        return variant;
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "ai.used, model, \"a/b\", true",
                "ai.used, model, \"a//b\", false",
                "ai.used, input_tokens, 2147483647, true",
                "ai.used, input_tokens, 2147483648, false",
                "storage.changed, bytes_delta, -1125899906842624, true",
                "storage.changed, bytes_delta, 1125899906842625, false",
                "storage.changed, files_delta, -2147483647, true",
                "storage.changed, files_delta, -2147483648, false",
                "room.created, room_type, \"bridge\", true",
                "room.created, room_type, \"cellar\", false",
                "participant.joined, participant_type, \"federated\", true",
                "participant.joined, participant_type, \"model\", false",
                "participant.joined, local_id, \"a.b-c_9\", true",
                "participant.joined, local_id, \"a.\", false",
                "ai.used, model, \"~team@v2=a+b:c-_\", true",
                "ai.used, model, \"a/./b\", false",
                "ai.used, model, \"a/b/c/d/e/f/g/h\", true",
                "ai.used, model, \"a/b/c/d/e/f/g/h/i\", false",
                "room.created, room_id, \" a b \", true",
                "room.created, room_id, \" \\u00a0\", false",
                "room.created, room_id, \"a\\u0000\", false",
                "room.created, room_id, \"a\\n\", false",
                "participant.joined, display_name, \"\u00c4da \ud83d\ude00\", true",
                "participant.joined, display_name, \"a\\u001b[31m\", false",
                "participant.joined, display_name, \"\\u202egpj.exe\", false",
                "participant.joined, display_name, \"\\u200b\\u3164\", false",
                "participant.joined, server_name, \"chat.example:8448\", true",
                "participant.joined, server_name, \"chat example\", false",
                "participant.joined, server_name, \"chat.example\\r\\n\", false",
                "participant.joined, avatar_url, \"https://a.example/b.png\", true",
                "participant.joined, avatar_url, \"http://a.example/\u00e4\", true",
                "participant.joined, avatar_url, \"http://\", false",
                "participant.joined, avatar_url, \"http:///x\", false",
                "participant.joined, avatar_url, \"javascript:alert(1)\", false",
                "participant.joined, avatar_url, \"data:text/html;x\", false",
                "participant.joined, avatar_url, \" https://a.example\", false",
                "participant.joined, avatar_url, \"https://a.example/\\u0000\", false"
            })
    void schemaAndReader_agreeOnTheEdges(String type, String member, String value, boolean taken) {
        JsonNode example = DOCUMENT.examples(PREFIX + type).get(0).path("payload");
        ObjectNode variant = variant(example, "/data", member, value);
        assertThat(isRead(variant)).isEqualTo(taken);
        assertThat(isDescribed(variant)).isEqualTo(taken);
    }

    /** Of two events whose identifiers differ in what is no text, one would be taken for a repeat of the other. */
    @ParameterizedTest
    @ValueSource(strings = {"a\\u0000b", "a\\ud800", "a\\udc00\\ud800", "a\\n", " "})
    void identifiers_areText(String value) {
        JsonNode example = DOCUMENT.examples(PREFIX + "room.created").get(0).path("payload");
        for (String member : List.of("id", "source")) {
            String event = example.toString()
                    .replaceFirst(
                            "\"" + member + "\":\"[^\"]*", Matcher.quoteReplacement("\"" + member + "\":\"" + value));
            assertThatThrownBy(() -> ActivityReader.read(event.getBytes(StandardCharsets.UTF_8), 1_800_000_000_000L))
                    .isInstanceOf(Fields.Unreadable.class)
                    .hasMessageStartingWith(member + " ");
        }
    }

    /** A pattern would overflow the stack, and the consumer stop for ever at this record. */
    @Test
    void aSlugOfThousandsOfSegments_isRefused() {
        JsonNode example = DOCUMENT.examples(PREFIX + "ai.used").get(0).path("payload");
        assertThat(isRead(variant(example, "/data", "model", "\"" + "a/".repeat(4_000) + "a\"")))
                .isFalse();
        assertThat(isRead(variant(example, "/data", "model", "\"" + "a/".repeat(4_000_000) + "a\"")))
                .isFalse();
    }

    /** The examples, through Kafka: all are counted but the one that asyncapi.yaml shows as a dead letter. */
    @Test
    void examples_areCountedAndDeadLettersAreAsDescribed() throws Exception {
        TestServer server = TestServer.shared();
        TestServer.Tenant tenant = server.newTenant();
        JsonNode letter = DOCUMENT.examples("dead letter").get(0);
        List<String> events = new ArrayList<>();
        for (JsonNode example : examples()) {
            ObjectNode event = example.deepCopy();
            if (event.at("/data/id").isTextual()) { // what names a participant is no other tenant's
                ((ObjectNode) event.path("data")).put("id", UUID.randomUUID().toString());
            }
            events.add(event.put("tenantid", tenant.id)
                    .put("id", UUID.randomUUID().toString())
                    .toString());
        }
        ObjectNode broken = (ObjectNode) JSON.readTree(letter.path("payload").asText());
        events.add(broken.put("tenantid", tenant.id).toString());
        try (ActivityFeed feed = new ActivityFeed(server.platform().kafka().bootstrapServers())) {
            StatsVerticleTest.counted(server, feed.sendAll(tenant.id, events));
            List<ConsumerRecord<String, String>> letters = feed.deadLetters().stream()
                    .filter(each -> tenant.id.equals(each.key()))
                    .toList();
            assertThat(letters).extracting(ConsumerRecord::value).containsExactly(broken.toString());
            ObjectNode headers = JSON.createObjectNode();
            letters.get(0)
                    .headers()
                    .forEach(each -> headers.put(each.key(), new String(each.value(), StandardCharsets.UTF_8)));
            assertThat(DOCUMENT.problemsAt("/components/schemas/DeadLetterHeaders", headers))
                    .isEmpty();
            assertThat(headers.path("reason")).isEqualTo(letter.at("/headers/reason"));
        }
        JsonNode stats = tenant.admin.get("/v1/admin/stats").expect(200).data();
        assertThat(stats.at("/storage/used_bytes").asLong()).isEqualTo(482_113);
    }
}
