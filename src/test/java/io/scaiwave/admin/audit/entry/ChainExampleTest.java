package io.scaiwave.admin.audit.entry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scaiwave.admin.json.CanonicalJson;
import io.scaiwave.admin.testing.AsyncApi;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The worked example of the chain in both documents: its bytes and hashes are real, and those of our own code. */
class ChainExampleTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SECTION = Pattern.compile("(?s)## The audit chain\n(.*?)(?=\n## |$)");
    private static final Pattern BLOCK = Pattern.compile("(?s)```(json|text)\n(.*?)\n```");
    private static final Pattern PUBLIC_KEY = Pattern.compile("`([A-Za-z0-9+/]{59}=)`");

    private static String section(String file) {
        var found = SECTION.matcher(AsyncApi.yaml(file).at("/info/description").asText());
        assertThat(found.find()).as("the section in " + file).isTrue();
        return found.group(1).strip();
    }

    private static List<String> blocks(String file, String kind) {
        return BLOCK.matcher(section(file))
                .results()
                .filter(block -> block.group(1).equals(kind))
                .map((MatchResult block) -> block.group(2))
                .toList();
    }

    @Test
    void bothDocumentsSayTheSame() {
        assertThat(section("asyncapi.yaml")).isEqualTo(section("openapi.yaml"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openapi.yaml", "asyncapi.yaml"})
    void bytes_haveTheHashesThatAreSaidAndAreChained(String file) throws Exception {
        List<String> canonical = blocks(file, "json");
        List<String> hashes = blocks(file, "text");
        assertThat(canonical).hasSize(3);
        assertThat(hashes).hasSize(3);
        String before = "0".repeat(64);
        for (int i = 0; i < canonical.size(); i++) {
            byte[] bytes = canonical.get(i).getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            assertThat(HexFormat.of().formatHex(digest)).isEqualTo(hashes.get(i));
            JsonNode entry = JSON.readTree(bytes);
            assertThat(entry.path("prev_hash").asText()).isEqualTo(before);
            assertThat(entry.path("seq").asInt()).isEqualTo(i + 1);
            assertThat(entry.has("hash")).isFalse();
            before = hashes.get(i);
        }
        int bytesOfFirst = canonical.get(0).getBytes(StandardCharsets.UTF_8).length;
        assertThat(section(file)).contains(bytesOfFirst + " bytes");
        assertThat(canonical.get(2)).contains("\\n", "\\t", "\\\"", "\\\\", "a/b", "„", "ü", "🙂", "\"number\":1");
    }

    /** The entries of the examples, where they stand as JSON, give those bytes and hashes with the server's own code. */
    @Test
    void ourCode_makesTheSameOfTheExamples() {
        List<JsonNode> entries = new ArrayList<>();
        AsyncApi.yaml("openapi.yaml")
                .at("/paths/~1v1~1admin~1audit/get/responses/200/content/application~1json/examples/chain/value/data")
                .forEach(entry -> entries.add(0, entry));
        entries.add(AsyncApi.published()
                .examples("io.scaiwave.admin.ai_config.update")
                .get(1)
                .at("/payload/data"));
        assertThat(entries).hasSize(3);
        for (int i = 0; i < entries.size(); i++) {
            Map<String, Object> members = members(entries.get(i));
            assertThat(HashChain.hash(members))
                    .isEqualTo(entries.get(i).path("hash").asText());
            members.remove("hash");
            assertThat(new String(CanonicalJson.bytes(members), StandardCharsets.UTF_8))
                    .isEqualTo(blocks("openapi.yaml", "json").get(i));
        }
    }

    /** All examples of audit events together are whole chains. */
    @Test
    void examplesOfEvents_areWholeChains() {
        Map<String, List<JsonNode>> chains = new TreeMap<>();
        for (String message : AsyncApi.published().messages()) {
            for (JsonNode example : AsyncApi.published().examples(message)) {
                JsonNode event = example.path("payload");
                if (event.at("/data/prev_hash").isTextual() && !event.has("replay")) {
                    chains.computeIfAbsent(event.at("/data/chain").asText(), chain -> new ArrayList<>())
                            .add(event.path("data"));
                }
            }
        }
        assertThat(chains).hasSize(3);
        assertThat(chains.values().stream().mapToInt(List::size).sum()).isEqualTo(19);
        chains.values().forEach(entries -> {
            entries.sort(Comparator.comparingLong(entry -> entry.path("seq").asLong()));
            String before = HashChain.GENESIS;
            for (int i = 0; i < entries.size(); i++) {
                JsonNode entry = entries.get(i);
                assertThat(entry.path("seq").asInt()).isEqualTo(i + 1);
                assertThat(entry.path("prev_hash").asText()).isEqualTo(before);
                before = HashChain.hash(members(entry));
                assertThat(entry.path("hash").asText()).isEqualTo(before);
            }
        });
    }

    /** The checkpoints of the examples are signed, and are those of the entries in the examples. */
    @Test
    void examplesOfCheckpoints_areSigned() {
        var key = PUBLIC_KEY.matcher(AsyncApi.published()
                .at("/components/schemas/Checkpoint/description")
                .asText());
        assertThat(key.find()).isTrue();
        CheckpointKeys keys = CheckpointKeys.ofPublic(Map.of("example", key.group(1)));
        List<JsonNode> examples = AsyncApi.published().examples("io.scaiwave.admin.audit_checkpoint");
        assertThat(examples).hasSize(2);
        List<String> hashes = AsyncApi.published().at("/components/messages").findValuesAsText("hash");
        for (JsonNode example : examples) {
            JsonNode data = example.at("/payload/data");
            assertThat(keys.verifies(checkpoint(data, data.path("seq").asLong())))
                    .isTrue();
            assertThat(keys.verifies(checkpoint(data, data.path("seq").asLong() + 1)))
                    .isFalse();
            assertThat(hashes).filteredOn(data.path("hash").asText()::equals).hasSizeGreaterThan(1);
        }
    }

    private static Checkpoint checkpoint(JsonNode data, long seq) {
        return new Checkpoint(
                data.path("chain").asText(),
                data.path("kind").asText(),
                seq,
                data.path("hash").asText(),
                OffsetDateTime.parse(data.path("signed_at").asText()),
                data.path("key_id").asText(),
                data.path("signature").asText());
    }

    private static Map<String, Object> members(JsonNode entry) {
        return JSON.convertValue(entry, new TypeReference<TreeMap<String, Object>>() {});
    }
}
