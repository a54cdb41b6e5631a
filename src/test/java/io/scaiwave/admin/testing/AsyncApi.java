package io.scaiwave.admin.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.regex.RegularExpression;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** asyncapi.yaml, and what it has against an event. */
public final class AsyncApi {
    private static final String OPEN = "https://scaiwave.test/asyncapi.json";
    private static final String CLOSED = "https://scaiwave.test/asyncapi-closed.json";
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .formatAssertionsEnabled(true)
            .regularExpressionFactory(AsyncApi::pattern)
            .build();

    /** Objects that consumers must take with more members than are described; we must describe what we send. */
    private static final Pattern OURS =
            Pattern.compile("(?!Activity).*State|SwitchedOn|SwitchedOff|AuditEvent|CheckpointEvent");

    private static final AsyncApi PUBLISHED = new AsyncApi();

    private final JsonNode document;
    private final JsonSchemaFactory schemas;
    private final Map<String, String> messages = new TreeMap<>(); // where each one is, by name

    private AsyncApi() {
        document = yaml("asyncapi.yaml");
        JsonNode closed = document.deepCopy();
        closed.at("/components/schemas").propertyStream().forEach(schema -> {
            if (OURS.matcher(schema.getKey()).matches()) {
                ((ObjectNode) schema.getValue()).put("additionalProperties", false);
            }
        });
        schemas = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(
                        loaders -> loaders.schemas(Map.of(OPEN, document.toString(), CLOSED, closed.toString()))));
        document.at("/components/messages")
                .propertyStream()
                .forEach(message -> messages.put(
                        message.getValue().path("name").asText(), "/components/messages/" + message.getKey()));
    }

    public static AsyncApi published() {
        return PUBLISHED;
    }

    /** In the dialect of JSON Schema (ECMA-262) {@code $} is the end of the text; in Java a line break may follow. */
    private static RegularExpression pattern(String pattern) {
        Predicate<String> found =
                Pattern.compile(pattern.replaceFirst("\\$$", "\\\\z")).asPredicate();
        return found::test;
    }

    /** A document of the repository. */
    public static JsonNode yaml(String file) {
        try {
            return new ObjectMapper(new YAMLFactory()).readTree(Files.readAllBytes(Path.of(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode at(String pointer) {
        return document.at(pointer);
    }

    /** The messages that are described: the types of the events, and the dead letter. */
    public Set<String> messages() {
        return messages.keySet();
    }

    public List<JsonNode> examples(String message) {
        assertThat(messages).as("messages of asyncapi.yaml").containsKey(message);
        return document.at(messages.get(message) + "/examples").valueStream().toList();
    }

    /** What a consumer that holds on to the document has against the payload of that message. */
    public Set<ValidationMessage> problems(String message, JsonNode payload) {
        assertThat(messages).as("messages of asyncapi.yaml").containsKey(message);
        return validate(OPEN, messages.get(message) + "/payload/schema", payload);
    }

    /** The same, and whether there is anything in it that is not described. */
    public Set<ValidationMessage> undescribed(String message, JsonNode payload) {
        assertThat(messages).as("messages of asyncapi.yaml").containsKey(message);
        return validate(CLOSED, messages.get(message) + "/payload/schema", payload);
    }

    /** What the schema at that place of the document has against the value. */
    public Set<ValidationMessage> problemsAt(String pointer, JsonNode value) {
        return validate(OPEN, pointer, value);
    }

    private Set<ValidationMessage> validate(String base, String pointer, JsonNode value) {
        assertThat(document.at(pointer).isMissingNode()).as(pointer).isFalse();
        return schemas.getSchema(SchemaLocation.of(base + "#" + pointer), CONFIG)
                .validate(value);
    }
}
