package io.scaiwave.admin.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.scaiwave.admin.auth.Callers.ActsOn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** openapi.yaml: as it is published, as the router can load it, and what it says of each operation. */
public final class Contract {
    /** A path parameter whose value may hold slashes. */
    static final String MULTI_SEGMENT = "x-multi-segment";

    private static final String BY_SERVER = "x-handled-by";
    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch");

    /** What is answered when a path names nothing. */
    record NotFound(String code, String message) {}

    /**
     * @param convention served by this package for all operations alike, and no input of the endpoint
     * @param notFound what a value that cannot name anything is answered with; null where it is merely wrong
     */
    record Parameter(
            String name,
            String in,
            boolean required,
            boolean multiSegment,
            boolean convention,
            @Nullable NotFound notFound,
            JsonNode schema,
            String pointer) {

        /** The name of the input that it is: that of a header in the form of the others. */
        String input() {
            return in.equals("header") ? name.toLowerCase(Locale.ROOT).replace('-', '_') : name;
        }
    }

    /**
     * @param pointer where the schema of the JSON is
     * @param readOnly its members that only the server sets: passed over, so that what was read may be sent back
     */
    record Body(String pointer, boolean required, Set<String> readOnly) {}

    /**
     * @param mediaTypes what its successful replies may be, the preferred one first
     * @param location where what it creates can be read, with the names of members of the data in braces
     */
    record Operation(
            String id,
            String method,
            String path,
            ActsOn actsOn,
            List<Parameter> parameters,
            @Nullable Body body,
            List<String> mediaTypes,
            @Nullable String location) {

        boolean takes(String in, String name) {
            return parameters.stream().anyMatch(p -> p.in.equals(in) && p.name.equalsIgnoreCase(name));
        }

        boolean reads() {
            return method.equals("GET");
        }
    }

    private final String yaml;
    private final ObjectNode document;
    private final Map<String, Operation> operations = new LinkedHashMap<>();

    private Contract(String yaml) throws JsonProcessingException {
        this.yaml = yaml;
        this.document = (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(yaml);
        document.path("paths")
                .properties()
                .forEach(path -> METHODS.forEach(method -> {
                    if (path.getValue().has(method)) {
                        Operation operation =
                                operation(path.getKey(), method, path.getValue().get(method));
                        operations.put(operation.id, operation);
                    }
                }));
    }

    /** The openapi.yaml in the jar. */
    public static Contract load() {
        try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
            byte[] bytes = Objects.requireNonNull(in, "openapi.yaml is not on the class path")
                    .readAllBytes();
            return new Contract(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("openapi.yaml cannot be read: " + e.getMessage(), e);
        }
    }

    private Operation operation(String path, String method, JsonNode node) {
        String pointer = "/paths/" + path.replace("~", "~0").replace("/", "~1") + "/" + method;
        List<Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < node.path("parameters").size(); i++) {
            parameters.add(parameter(
                    pointer + "/parameters/" + i, node.path("parameters").get(i)));
        }
        return new Operation(
                node.path("operationId").asText(),
                method.toUpperCase(Locale.ROOT),
                path,
                actsOn(node.path("x-scope").asText()),
                List.copyOf(parameters),
                body(pointer, node.path("requestBody")),
                mediaTypes(node.path("responses")),
                node.at("/responses/201/headers/Location/x-template").textValue());
    }

    private @Nullable Body body(String pointer, JsonNode node) {
        String json = "/content/application~1json/schema";
        if (node.at(json).isMissingNode()) {
            return null;
        }
        Set<String> readOnly = resolved(node.at(json))
                .path("properties")
                .propertyStream()
                .filter(property -> property.getValue().path("readOnly").asBoolean())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return new Body(pointer + "/requestBody" + json, node.path("required").asBoolean(), readOnly);
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.get("$ref").asText().substring(1)) : schema;
    }

    private Parameter parameter(String pointer, JsonNode node) {
        String at = node.has("$ref") ? node.get("$ref").asText().substring(1) : pointer;
        JsonNode parameter = document.at(at);
        return new Parameter(
                parameter.path("name").asText(),
                parameter.path("in").asText(),
                parameter.path("required").asBoolean(),
                parameter.path(MULTI_SEGMENT).asBoolean(),
                parameter.path(BY_SERVER).asText().equals("server"),
                notFound(parameter.path("x-not-found")),
                parameter.path("schema"),
                at + "/schema");
    }

    private static @Nullable NotFound notFound(JsonNode node) {
        if (node.isMissingNode()) {
            return null;
        }
        return new NotFound(node.path("code").asText(), node.path("message").asText());
    }

    private static List<String> mediaTypes(JsonNode responses) {
        return responses
                .propertyStream()
                .filter(response -> response.getKey().startsWith("2"))
                .flatMap(response -> response.getValue().path("content").propertyStream())
                .map(Map.Entry::getKey)
                .distinct()
                .toList();
    }

    private static ActsOn actsOn(String text) {
        return ActsOn.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /**
     * The contract for the router: paths, operations and their security. Requests are held against the whole of it elsewhere, and to
     * load all of it takes the router two seconds and more.
     */
    Future<OpenAPIContract> forRouter(Vertx vertx) {
        ObjectNode view = document.objectNode();
        view.set("openapi", document.get("openapi"));
        view.set("info", document.get("info"));
        view.set("security", document.path("security"));
        view.putObject("components").set("securitySchemes", document.at("/components/securitySchemes"));
        ObjectNode paths = view.putObject("paths");
        operations.values().forEach(operation -> paths.withObjectProperty(operation.path)
                .set(operation.method.toLowerCase(Locale.ROOT), route(operation)));
        return OpenAPIContract.from(vertx, new JsonObject(view.toString()));
    }

    private ObjectNode route(Operation operation) {
        ObjectNode route = document.objectNode().put("operationId", operation.id);
        ArrayNode parameters = route.putArray("parameters");
        operation.parameters.stream()
                .filter(parameter -> parameter.in.equals("path"))
                .forEach(parameter -> parameters
                        .addObject()
                        .put("name", parameter.name)
                        .put("in", parameter.in)
                        .put("required", true)
                        .putObject("schema")
                        .put("type", "string"));
        route.putObject("responses").putObject("200").put("description", "");
        return route;
    }

    Map<String, Operation> operations() {
        return operations;
    }

    String yaml() {
        return yaml;
    }

    String json() {
        return document.toString();
    }
}
