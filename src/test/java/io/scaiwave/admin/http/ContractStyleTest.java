package io.scaiwave.admin.http;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.regex.RegularExpression;
import io.scaiwave.admin.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What openapi.yaml owes to those who read it with tools: generators of clients, validators, reference pages. */
class ContractStyleTest {
    private static final String DOCUMENT = "https://scaiwave.test/openapi.json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Contract CONTRACT = Contract.load();
    private static final JsonNode ROOT = read(CONTRACT.json());
    private static final JsonNode SCHEMAS = ROOT.at("/components/schemas");
    private static final Set<String> METHODS = Set.of("get", "put", "post");
    private static final long INT32_MAX = Integer.MAX_VALUE;
    private static final int HOSTILE_LENGTH = 50_000;
    private static final Duration LINEAR = Duration.ofSeconds(1);

    /** Names that a generated class would take from its language. */
    private static final Set<String> LANGUAGES_OWN = Set.of(
            "Array",
            "Boolean",
            "Class",
            "Date",
            "Error",
            "Exception",
            "File",
            "Function",
            "Integer",
            "List",
            "Long",
            "Map",
            "Number",
            "Object",
            "Promise",
            "Record",
            "Request",
            "Response",
            "Set",
            "String",
            "Symbol",
            "Thread");

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(DOCUMENT, CONTRACT.json()))));
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .formatAssertionsEnabled(true)
            .regularExpressionFactory(ContractStyleTest::pattern)
            .build();

    private record Operation(String pointer, String method, JsonNode node) {
        String id() {
            return node.path("operationId").asText();
        }

        Stream<Reply> replies() {
            return node.path("responses").propertyStream().map(reply -> reply(reply.getKey(), reply.getValue()));
        }

        private Reply reply(String status, JsonNode reply) {
            String own = pointer + "/responses/" + status;
            String at = reply.has("$ref") ? reply.path("$ref").asText().substring(1) : own;
            return new Reply(id() + " " + status, status, at, ROOT.at(at));
        }

        /** The body's schema. */
        JsonNode body() {
            return resolved(node.at("/requestBody/content/application~1json/schema"));
        }

        Map<String, JsonNode> requestExamples() {
            return examples(node.path("requestBody"));
        }

        /** Those of its successful replies. */
        Map<String, JsonNode> replyExamples() {
            Map<String, JsonNode> all = new LinkedHashMap<>();
            replies().filter(reply -> reply.status.startsWith("2")).forEach(reply -> all.putAll(examples(reply.node)));
            return all;
        }
    }

    private record Reply(String name, String status, String pointer, JsonNode node) {}

    /** As ECMA-262 means it: {@code $} is the end of the text, where Java lets a line break follow. */
    private static RegularExpression pattern(String pattern) {
        Pattern compiled = Pattern.compile(pattern.replaceFirst("[$]$", "\\\\z"));
        return text -> compiled.matcher(text).find();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        ROOT.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> all.add(new Operation(
                        "/paths/" + path.getKey().replace("/", "~1") + "/" + method.getKey(),
                        method.getKey(),
                        method.getValue()))));
        assertThat(all).hasSize(CONTRACT.operations().size());
        return all;
    }

    private static Map<String, JsonNode> examples(JsonNode withContent) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        withContent
                .at("/content/application~1json/examples")
                .properties()
                .forEach(example -> all.put(example.getKey(), example.getValue().path("value")));
        return all;
    }

    private static JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? ROOT.at(schema.path("$ref").asText().substring(1)) : schema;
    }

    /** Calls with the pointer and the node of everything in the document but examples. */
    private static void walk(String pointer, JsonNode node, BiConsumer<String, JsonNode> visitor) {
        visitor.accept(pointer, node);
        if (node.isObject()) {
            node.properties().stream()
                    .filter(member -> !Set.of("examples", "example").contains(member.getKey()))
                    .forEach(member -> walk(pointer + "/" + member.getKey(), member.getValue(), visitor));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                walk(pointer + "/" + i, node.get(i), visitor);
            }
        }
    }

    private static boolean hasType(JsonNode schema, String type) {
        JsonNode types = schema.path("type");
        if (types.isArray()) {
            return Stream.iterate(0, i -> i + 1)
                    .limit(types.size())
                    .anyMatch(i -> types.get(i).asText().equals(type));
        }
        return types.asText().equals(type);
    }

    private static List<String> found(Predicate<JsonNode> fault) {
        List<String> faults = new ArrayList<>();
        walk("", ROOT, (pointer, node) -> {
            if (node.isObject() && fault.test(node)) {
                faults.add(pointer);
            }
        });
        return faults;
    }

    private static void valid(String pointer, JsonNode value, String as) {
        var schema = FACTORY.getSchema(SchemaLocation.of(DOCUMENT + "#" + pointer), CONFIG);
        assertThat(schema.validate(value)).as("%s: %s", as, value).isEmpty();
    }

    private static boolean fits(String schemaName, String text) {
        return FACTORY.getSchema(SchemaLocation.of(DOCUMENT + "#/components/schemas/" + schemaName), CONFIG)
                .validate(JSON.valueToTree(text))
                .isEmpty();
    }

    @Test
    void integersSayHowWideTheyAre() {
        assertThat(found(node -> hasType(node, "integer")
                        && !node.path("format").asText().equals(wide(node) ? "int64" : "int32")))
                .isEmpty();
    }

    private static boolean wide(JsonNode integer) {
        return integer.path("maximum").asLong(Long.MAX_VALUE) > INT32_MAX;
    }

    @Test
    void nothingIsConstantlyTrueOrFalse() {
        assertThat(found(node -> node.path("const").isBoolean())).isEmpty();
    }

    /** Generators take a schema with a condition for one of anything. */
    @Test
    void schemasHaveNoConditions() {
        assertThat(found(node -> node.has("if"))).isEmpty();
    }

    @Test
    void timesHaveNoPattern() {
        assertThat(found(node -> node.path("format").asText().equals("date-time") && node.has("pattern")))
                .isEmpty();
    }

    @Test
    void optionalParametersHaveNoMadeUpValue() {
        List<JsonNode> parameters = new ArrayList<>();
        ROOT.at("/components/parameters").forEach(parameters::add);
        operations().forEach(operation -> operation.node.path("parameters").forEach(parameters::add));
        assertThat(parameters)
                .filteredOn(parameter ->
                        !parameter.has("$ref") && !parameter.path("required").asBoolean())
                .isNotEmpty()
                .noneMatch(parameter -> parameter.has("example") || parameter.has("examples"));
    }

    @Test
    void theServerIsTheOneThatTheDocumentIsReadFrom() {
        assertThat(ROOT.path("servers")).hasSize(1);
        assertThat(ROOT.at("/servers/0/url").asText()).isEqualTo("/");
    }

    @Test
    void readersKnowTheLicenceAndWhomToAsk() {
        assertThat(ROOT.at("/info/license/identifier").asText()).isEqualTo("Apache-2.0");
        assertThat(ROOT.at("/info/contact/name").asText()).isNotBlank();
    }

    /** A reader of YAML 1.1 takes on, off, yes and no for truth values, and a bare time for one. */
    @Test
    void readersOfOldYamlSeeTheSameDocument() {
        Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(CONTRACT.yaml());
        assertThat(JSON.<JsonNode>valueToTree(read)).isEqualTo(ROOT);
    }

    @Test
    void schemasTakeNoNameFromALanguage() {
        assertThat(SCHEMAS.propertyStream().map(Map.Entry::getKey)).doesNotContainAnyElementsOf(LANGUAGES_OWN);
    }

    @Test
    void examplesAreValid() {
        List<Reply> withContent = new ArrayList<>();
        operations().forEach(operation -> {
            operation.replies().forEach(withContent::add);
            withContent.add(new Reply(
                    operation.id() + " request",
                    "",
                    operation.pointer + "/requestBody",
                    operation.node.path("requestBody")));
        });
        withContent.forEach(reply -> examples(reply.node)
                .forEach((name, value) ->
                        valid(reply.pointer + "/content/application~1json/schema", value, reply.name + " " + name)));
        ROOT.at("/components/parameters")
                .properties()
                .forEach(parameter -> example("/components/parameters/" + parameter.getKey(), parameter.getValue()));
        withContent.forEach(reply -> reply.node
                .path("headers")
                .properties()
                .forEach(header -> example(reply.pointer + "/headers/" + header.getKey(), header.getValue())));
        ROOT.at("/components/headers")
                .properties()
                .forEach(header -> example("/components/headers/" + header.getKey(), header.getValue()));
    }

    private static void example(String pointer, JsonNode parameterOrHeader) {
        if (parameterOrHeader.has("example")) {
            valid(pointer + "/schema", parameterOrHeader.path("example"), pointer);
        }
    }

    @Test
    void examplesOfRequestsPairWithThoseOfRepliesByName() {
        for (Operation operation : operations()) {
            Map<String, JsonNode> replies = operation.replyExamples();
            operation.requestExamples().forEach((name, request) -> {
                assertThat(replies).as(operation.id()).containsKey(name);
                ExamplePairs.belong(request, replies.get(name).path("data"), operation.id() + " " + name);
            });
        }
    }

    /** Each refusal's example has a code that exists, that its description names, and that its own summary repeats. */
    @Test
    void examplesOfRefusalsAreOfTheirReply() {
        List<String> codes = new ArrayList<>();
        SCHEMAS.at("/ErrorCode/enum").forEach(code -> codes.add(code.asText()));
        ROOT.at("/components/responses").properties().forEach(reply -> examples(reply.getValue())
                .forEach((name, value) -> {
                    String code = value.at("/error/code").asText();
                    assertThat(codes).as(reply.getKey()).contains(code);
                    assertThat(reply.getValue().path("description").asText()).contains("`" + code + "`");
                }));
    }

    @Test
    void everyReplySaysHowItMayBeKept() {
        operations().forEach(operation -> operation.replies().forEach(reply -> assertThat(
                        reply.node.path("headers").propertyStream().map(Map.Entry::getKey))
                .as(reply.name)
                .contains("X-Request-Id", "Vary", "Cache-Control")));
    }

    @Test
    void whatWasCreatedHasAPlace() {
        List<Reply> created = operations().stream()
                .flatMap(Operation::replies)
                .filter(reply -> reply.status.equals("201"))
                .toList();
        assertThat(created).isNotEmpty();
        for (Reply reply : created) {
            JsonNode location = reply.node.at("/headers/Location");
            String template = location.path("x-template").asText();
            assertThat(template).as(reply.name).startsWith("/v1/admin/");
            assertThat(examples(reply.node).values())
                    .as("%s: an example at %s", reply.name, location.path("example"))
                    .anyMatch(example -> filled(template, example.path("data"))
                            .equals(location.path("example").asText()));
        }
    }

    private static String filled(String template, JsonNode data) {
        return Pattern.compile("\\{([a-z_]+)}").matcher(template).replaceAll(member -> data.path(member.group(1))
                .asText("nothing"));
    }

    @Test
    void creationsThatMayBeRepeatedSayWhenTheyWere() {
        List<Operation> repeatable = operations().stream()
                .filter(operation ->
                        operation.node.path("parameters").toString().contains("#/components/parameters/IdempotencyKey"))
                .toList();
        assertThat(repeatable).hasSize(3);
        assertThat(repeatable)
                .allMatch(
                        operation -> operation.node.at("/responses/201/headers").has("Idempotent-Replayed"));
    }

    @Test
    void whatGetGivesMayBePutBack() {
        for (Operation put : operations()) {
            JsonNode get = ROOT.at(put.pointer.replaceAll("/put$", "/get"));
            if (put.method.equals("put") && !get.isMissingNode()) {
                JsonNode reply = resolved(get.at("/responses/200/content/application~1json/schema"));
                Set<String> given = names(resolved(reply.at("/properties/data")));
                assertThat(names(put.body())).as(put.id()).containsAll(given);
            }
        }
    }

    /** A member that is passed over is one that the server sets: the caller can have no wish about it. */
    @Test
    void onlyMembersAtTheTopOfABodyArePassedOver() {
        operations().stream()
                .filter(operation -> !operation.body().isMissingNode())
                .forEach(operation -> operation
                        .body()
                        .path("properties")
                        .forEach(property -> walk("", resolved(property), (pointer, node) -> assertThat(
                                        !pointer.isEmpty() && node.has("readOnly"))
                                .as("%s %s", operation.id(), pointer)
                                .isFalse())));
    }

    private static Set<String> names(JsonNode schema) {
        Set<String> names = new TreeSet<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Free text in a request is a way into audit entries and other people's screens. */
    @Test
    void textInABodyIsBounded() {
        operations().stream()
                .filter(operation -> !operation.body().isMissingNode())
                .forEach(operation -> texts(operation.id(), operation.body()));
    }

    private static void texts(String at, JsonNode schema) {
        if (schema.path("readOnly").asBoolean()) {
            return;
        }
        JsonNode target = resolved(schema);
        if (hasType(target, "string")) {
            assertThat(target.has("maxLength")).as("%s has a maxLength", at).isTrue();
            assertThat(target.has("pattern") || target.has("enum") || target.has("format"))
                    .as("%s says which characters it may have", at)
                    .isTrue();
        }
        target.path("properties").properties().forEach(p -> texts(at + "/" + p.getKey(), p.getValue()));
        if (target.has("items")) {
            texts(at + "/0", target.path("items"));
        }
    }

    private static Stream<String> patterns() {
        Set<String> patterns = new TreeSet<>();
        walk("", ROOT, (pointer, node) -> {
            if (node.path("pattern").isTextual()) {
                patterns.add(node.path("pattern").asText());
            }
        });
        assertThat(patterns).isNotEmpty();
        return patterns.stream();
    }

    /** No look-around (RE2 and Rust have none), no classes that differ from engine to engine, the whole text. */
    @Test
    void patternsMeanTheSameEverywhere() {
        assertThat(patterns()).allSatisfy(pattern -> assertThat(pattern)
                .startsWith("^")
                .endsWith("$")
                .doesNotContainPattern("\\(\\?[^:]")
                .doesNotContainPattern("\\\\[pPsSwWdDbB]")
                .doesNotContainPattern("\\\\u(?![0-9A-F]{4})")
                .matches("\\p{ASCII}*"));
    }

    /** What is written out more than once would be changed in one place only. */
    @Test
    void patternsOfReadableTextAreNamed() {
        List<String> inline = new ArrayList<>();
        walk("", ROOT, (pointer, node) -> {
            if (node.path("pattern").asText().contains("\\u202E")
                    && !pointer.matches("/components/schemas/[A-Za-z]+")) {
                inline.add(pointer);
            }
        });
        assertThat(inline).isEmpty();
        Stream.of("ModelSlug", "Prompt")
                .forEach(name -> assertThat(SCHEMAS.path("Optional" + name).path("pattern"))
                        .isEqualTo(SCHEMAS.path(name).path("pattern")));
    }

    @Test
    void patternsCostLinearTime() {
        List<String> units =
                List.of("a", "a/", "/", ".", "../", " ", "-", "a ", "a.", "1", "@", "a@", ":", "\u2028", "\n");
        patterns()
                .map(Pattern::compile)
                .forEach(pattern -> units.forEach(unit -> assertTimeout(
                        LINEAR,
                        () -> {
                            String text = unit.repeat(HOSTILE_LENGTH / unit.length());
                            pattern.matcher(text).find();
                            pattern.matcher(text + "\u0007").find();
                            pattern.matcher("a" + text + "\u0007a").find();
                        },
                        () -> pattern + " on many of '" + unit + "'")));
    }

    @ParameterizedTest
    @CsvSource({"FleetName", "DisplayName", "AllowlistName", "ScaiKeyId", "Prompt"})
    void readableTextHasNothingHidden(String schema) {
        assertThat(List.of("Acme", "Zoë-日本語", "علي", "🙂", "a")).allMatch(text -> fits(schema, text));
        assertThat(List.of("", " ", "\u00a0", "\u3000\u2003", "\u200b", "\ufeff", "\u2800"))
                .allMatch(text -> !fits(schema, text));
        List<String> hidden = new ArrayList<>(List.of("\0", "\u0007", "\u001b[31m", "\u007f", "\u0085"));
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
                .chars()
                .forEach(c -> hidden.add(Character.toString(c)));
        assertThat(hidden)
                .allMatch(bad -> !fits(schema, "a" + bad + "b") && !fits(schema, bad) && !fits(schema, "a" + bad));
    }

    @Test
    void onlyPromptsHaveLines() {
        assertThat(fits("Prompt", "First:\r\n\tdo this.\n")).isTrue();
        assertThat(List.of("FleetName", "DisplayName", "AllowlistName", "ScaiKeyId"))
                .allMatch(schema -> Stream.of("a\nb", "a\tb", "a\rb", "a\u2028b", "a\u2029b")
                        .noneMatch(text -> fits(schema, text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claude-sonnet-4-6",
                "partner/acme/legal-7b",
                "a",
                "...",
                ".hidden/..x",
                "llama-3.1:free",
                "a~b_c@d+e=f,g",
                "1/2/3/4/5/6/7/8"
            })
    void slugs_areOneToEightSegments(String slug) {
        assertThat(fits("ModelSlug", slug)).isTrue();
        assertThat(fits("OptionalModelSlug", slug)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a/",
                "/a",
                "a//b",
                ".",
                "..",
                "a/.",
                "a/..",
                "../a",
                "a/../b",
                "a/./b",
                "a b",
                "a\n",
                "ä",
                "a%2Fb",
                "a\\b",
                "a?b",
                "a#b",
                "a;b",
                "1/2/3/4/5/6/7/8/9"
            })
    void otherSlugs_areRefused(String slug) {
        assertThat(fits("ModelSlug", slug)).isFalse();
    }

    @Test
    void slugsHaveAtMost256Characters() {
        assertThat(fits("ModelSlug", "a".repeat(256))).isTrue();
        assertThat(fits("ModelSlug", "a".repeat(257))).isFalse();
        assertThat(Stream.generate(() -> "a").limit(4_000).collect(joining("/")))
                .matches(slug -> !fits("ModelSlug", slug), "of 4000 segments is refused");
    }

    /** The server's router loads a part of it only. */
    @Test
    void theWholeContract_isValidOpenApi() throws IOException {
        ObjectNode view = (ObjectNode) Json.MAPPER.readTree(CONTRACT.json());
        view.remove("servers"); // a relative one, which Vert.x 5.0 refuses like other media types than JSON
        view.findValues("responses")
                .forEach(responses -> responses.forEach(response -> {
                    if (response.path("content") instanceof ObjectNode content) {
                        content.retain("application/json");
                    }
                }));
        Vertx vertx = Vertx.vertx();
        try {
            assertThat(OpenAPIContract.from(vertx, new JsonObject(view.toString()))
                            .await()
                            .operations())
                    .hasSameSizeAs(CONTRACT.operations().keySet());
        } finally {
            vertx.close().await();
        }
    }
}
