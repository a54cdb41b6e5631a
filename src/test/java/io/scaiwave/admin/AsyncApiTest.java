package io.scaiwave.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import io.scaiwave.admin.testing.AsyncApi;
import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That asyncapi.yaml is sound, and says what the code, the settings, the broker and openapi.yaml say. */
class AsyncApiTest {
    private static final AsyncApi DOCUMENT = AsyncApi.published();
    private static final String AUDIT = "io.scaiwave.admin.";
    private static final Pattern ACTION = Pattern.compile(
            "['\"]([a-z_]+\\.(?:create|update|delete|enable|disable|export|recover|replay|retain|rotate|deny))['\"]");
    private static final Pattern SETTING = Pattern.compile("(\\w+Topic): \\$\\{\\w+:([^}]+)}");

    static Set<String> messages() {
        return DOCUMENT.messages();
    }

    @Test
    void references_allLeadSomewhere() {
        List<String> references = DOCUMENT.at("").findValuesAsText("$ref");
        assertThat(references).hasSizeGreaterThan(100);
        assertThat(references).allSatisfy(reference -> {
            assertThat(reference).startsWith("#/");
            assertThat(DOCUMENT.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        });
    }

    @Test
    void schemas_areJsonSchemasOf202012() {
        var metaschema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        DOCUMENT.at("/components/schemas").propertyStream().forEach(schema -> assertThat(
                        metaschema.validate(schema.getValue()))
                .as(schema.getKey())
                .isEmpty());
        assertThat(DOCUMENT.at("/components/messages").findValuesAsText("schemaFormat"))
                .hasSizeGreaterThan(DOCUMENT.messages().size() - 1)
                .containsOnly("application/schema+json;version=2020-12");
    }

    @ParameterizedTest
    @MethodSource("messages")
    void examples_areAsTheirSchemasSay(String message) {
        List<JsonNode> examples = DOCUMENT.examples(message);
        assertThat(examples).isNotEmpty();
        for (JsonNode example : examples) {
            JsonNode payload = example.path("payload");
            assertThat(DOCUMENT.problems(message, payload)).as("%s", payload).isEmpty();
            assertThat(DOCUMENT.undescribed(message, payload)).as("%s", payload).isEmpty();
            if (message.startsWith(AUDIT)) {
                assertThat(DOCUMENT.problemsAt("/components/messageTraits/cloudEvent/headers", example.path("headers")))
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void messages_areEachInAChannel(String message) {
        List<String> ofChannels = new ArrayList<>();
        DOCUMENT.at("/channels").forEach(channel -> channel.path("messages")
                .forEach(each ->
                        ofChannels.add(DOCUMENT.at(each.path("$ref").asText().substring(1))
                                .path("name")
                                .asText())));
        assertThat(ofChannels).containsOnlyOnce(message);
    }

    @Test
    void actions_areThoseOfTheCodeAndOfOpenApi() throws IOException {
        Set<String> described = DOCUMENT.messages().stream()
                .filter(name -> name.startsWith(AUDIT) && !name.endsWith("checkpoint"))
                .map(name -> name.substring(AUDIT.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> inCode = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                ACTION.matcher(Files.readString(file)).results().forEach(found -> inCode.add(found.group(1)));
            }
        }
        assertThat(described).isNotEmpty().isEqualTo(inCode);
        String openApi = AsyncApi.yaml("openapi.yaml")
                .at("/components/schemas/AuditEntry/properties/action/description")
                .asText();
        List<String> inOpenApi = Pattern.compile("`([a-z_]+\\.[a-z]+)`")
                .matcher(openApi)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(inOpenApi).containsExactlyInAnyOrderElementsOf(described);
    }

    /** The same members, under the same rules, whether an entry comes over HTTP or Kafka. */
    @Test
    void entry_isThatOfOpenApi() {
        JsonNode openApi = AsyncApi.yaml("openapi.yaml");
        JsonNode theirs = openApi.at("/components/schemas/AuditEntry");
        JsonNode ours = DOCUMENT.at("/components/schemas/AuditEntry");
        assertThat(rules(ours, DOCUMENT.at(""))).isEqualTo(rules(theirs, openApi));
        assertThat(ours.path("required"))
                .isEqualTo(theirs.path("required"))
                .hasSize(ours.path("properties").size());
    }

    /** A schema without its references and its words. */
    private static JsonNode rules(JsonNode schema, JsonNode document) {
        ObjectNode rules = schema.deepCopy();
        if (rules.has("$ref")) {
            ObjectNode target =
                    document.at(rules.remove("$ref").asText().substring(1)).deepCopy();
            rules = target.setAll(rules);
        }
        rules.remove("description");
        if (rules.path("properties").isObject()) {
            ObjectNode members = (ObjectNode) rules.path("properties");
            for (Map.Entry<String, JsonNode> member : List.copyOf(members.properties())) {
                members.set(member.getKey(), rules(member.getValue(), document));
            }
        }
        return rules;
    }

    @Test
    void topics_areNamedAsTheSettingsNameThem() throws IOException {
        Set<String> defaults = SETTING.matcher(Files.readString(Path.of("conf/server.yaml")))
                .results()
                .map((MatchResult found) -> found.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(defaults).hasSize(3);
        defaults.add("scaiwave.activity.v1.dlq");
        assertThat(DOCUMENT.at("/channels").findValuesAsText("address")).containsExactlyInAnyOrderElementsOf(defaults);
        assertThat(DOCUMENT.at("/channels")).allSatisfy(channel -> assertThat(channel.at("/bindings/kafka/topic"))
                .isEqualTo(channel.path("address")));
    }

    @Test
    void topics_areMadeAsTheirBindingsSay() throws Exception {
        TestServer server = TestServer.shared();
        server.newTenant();
        server.settleWithKafka();
        List<String> compared = new ArrayList<>();
        try (Admin admin = Admin.create(
                Map.of("bootstrap.servers", server.platform().kafka().bootstrapServers()))) {
            Set<String> there = admin.listTopics().names().get();
            for (JsonNode channel : DOCUMENT.at("/channels")) {
                String topic = channel.path("address").asText();
                if (there.contains(topic)) {
                    compare(channel.at("/bindings/kafka"), topic, admin);
                    compared.add(topic);
                }
            }
        }
        assertThat(compared).contains("scaiwave.admin.audit.v1", "scaiwave.activity.v1", "scaiwave.activity.v1.dlq");
    }

    private static void compare(JsonNode binding, String topic, Admin admin) throws Exception {
        TopicDescription description = admin.describeTopics(List.of(topic))
                .topicNameValues()
                .get(topic)
                .get();
        assertThat(description.partitions())
                .as(topic)
                .hasSize(binding.path("partitions").asInt());
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config =
                admin.describeConfigs(List.of(resource)).values().get(resource).get();
        binding.path("topicConfiguration").propertyStream().forEach(setting -> {
            String expected = setting.getValue().isArray()
                    ? setting.getValue().valueStream().map(JsonNode::asText).collect(Collectors.joining(","))
                    : setting.getValue().asText();
            assertThat(config.get(setting.getKey()).value())
                    .as("%s of %s", setting.getKey(), topic)
                    .isEqualTo(expected);
        });
    }
}
