package io.scaiwave.admin.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Holds each reply of a test against openapi.yaml as it is published: status, media type, headers, body. */
final class ContractAssertion {
    private static final String DOCUMENT = "https://scaiwave.test/openapi.json";
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .formatAssertionsEnabled(true)
            .build();

    private static final String TIME_ELSEWHERE = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:.*[^Z]";
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Path(Pattern pattern, String template, int literal) {}

    private final JsonNode document;
    private final JsonSchemaFactory schemas;
    private final List<Path> paths;

    ContractAssertion() {
        try (InputStream in = ContractAssertion.class.getResourceAsStream("/openapi.yaml")) {
            document = new ObjectMapper(new YAMLFactory()).readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        String json = document.toString();
        schemas = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(DOCUMENT, json))));
        paths = document.path("paths")
                .propertyStream()
                .map(Map.Entry::getKey)
                .map(ContractAssertion::path)
                .sorted((a, b) -> Integer.compare(b.literal, a.literal))
                .toList();
    }

    private static Path path(String template) {
        String pattern = template.replace("{slug}", "\0").replaceAll("\\{[a-z_]+}", "\1");
        int literal = pattern.replaceAll("[\0\1]", "").length();
        return new Path(Pattern.compile(pattern.replace("\0", ".+").replace("\1", "[^/]+")), template, literal);
    }

    /** Fails when the contract does not allow this reply to this request. */
    void check(String method, String rawPath, HttpResponse<byte[]> response, JsonNode body) {
        assertThat(response.headers().firstValue("x-request-id"))
                .as("X-Request-Id")
                .isPresent();
        String template = template(method, rawPath);
        if (template == null) {
            validate("/components/schemas/ErrorReply", body);
            return;
        }
        String status = Integer.toString(response.statusCode());
        String operation = "/paths/" + escaped(template) + "/" + method.toLowerCase(Locale.ROOT);
        JsonNode responses = document.at(operation + "/responses");
        if (!responses.has(status)) {
            fail("%s %s answered %s, which openapi.yaml does not list: %s".formatted(method, template, status, body));
        }
        String at = operation + "/responses/" + status;
        if (responses.get(status).has("$ref")) {
            at = responses.get(status).get("$ref").asText().substring(1);
        }
        JsonNode content = document.at(at).path("content");
        if (content.isMissingNode() || content.isEmpty()) {
            assertThat(response.body()).as("body of a reply without content").isEmpty();
            return;
        }
        String type =
                response.headers().firstValue("content-type").orElse("none").replaceAll(";.*", "");
        assertThat(content.has(type))
                .as("media type %s of %s %s", type, method, template)
                .isTrue();
        String schema = at + "/content/" + escaped(type) + "/schema";
        String text = new String(response.body(), StandardCharsets.UTF_8);
        switch (type) {
            case "application/json" -> {
                validate(schema, body);
                timesInUtc(body);
                place(status, response, body);
            }
            case "application/x-ndjson" -> items(schema, text.lines());
            case "text/event-stream" ->
                items(
                        schema,
                        text.lines().filter(line -> line.startsWith("data: ")).map(line -> line.substring(6)));
            case "text/csv" -> table(text);
            default -> fail("no check for the media type " + type);
        }
    }

    /** Formats of JSON Schema cannot say it, and a pattern beside one breaks generated clients. */
    private static void timesInUtc(JsonNode body) {
        if (body.isTextual()) {
            assertThat(body.asText()).as("time in UTC").doesNotMatch(TIME_ELSEWHERE);
        }
        body.forEach(ContractAssertion::timesInUtc);
    }

    private static void place(String status, HttpResponse<byte[]> response, JsonNode body) {
        boolean made = status.equals("201") && !body.at("/meta/dry_run").asBoolean();
        assertThat(response.headers().firstValue("location").isPresent())
                .as("Location of %s", status)
                .isEqualTo(made);
    }

    /** Each line on its own is what the schema's content schema says. */
    private void items(String schema, Stream<String> lines) {
        JsonNode described = document.at(schema);
        String at = described.has("$ref") ? described.get("$ref").asText().substring(1) : schema;
        lines.forEach(line -> {
            try {
                validate(at + "/contentSchema", JSON.readTree(line));
            } catch (IOException e) {
                fail("a line that is not JSON: " + line, e);
            }
        });
    }

    /** The first row names the members of an entry, in their order. */
    private void table(String text) {
        assertThat(text.lines().findFirst())
                .hasValue(String.join(
                        ",",
                        document.at("/components/schemas/AuditEntry/properties")
                                .propertyStream()
                                .map(Map.Entry::getKey)
                                .toList()));
    }

    private void validate(String pointer, JsonNode body) {
        JsonSchema schema = schemas.getSchema(SchemaLocation.of(DOCUMENT + "#" + pointer), CONFIG);
        assertThat(schema.validate(body))
                .as("reply against %s: %s", pointer, body)
                .isEmpty();
    }

    /** The path template that the request meant; null when there is none with this method. */
    private String template(String method, String rawPath) {
        String path = java.net
                .URI
                .create(rawPath.replaceAll("[?].*", "").replaceAll("/{2,}", "/"))
                .normalize()
                .getRawPath();
        return paths.stream()
                .filter(p -> p.pattern.matcher(path).matches())
                .map(Path::template)
                .filter(t -> document.at("/paths/" + escaped(t)).has(method.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(null);
    }

    private static String escaped(String template) {
        return template.replace("/", "~1");
    }
}
