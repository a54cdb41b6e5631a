package io.scaiwave.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.scaiwave.admin.auth.Callers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** openapi.yaml: as it is published, as the router can load it, and what it says of each operation. */
public final class Contract {
    /** A path parameter whose value may hold slashes. */
    static final String MULTI_SEGMENT = "x-multi-segment";

    private static final String BY_SERVER = "x-handled-by";
    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch");

    /** @param convention served by this package for all operations alike, and no input of the endpoint */
    record Parameter(
            String name,
            String in,
            boolean required,
            boolean multiSegment,
            boolean convention,
            JsonNode schema,
            String pointer) {

        /** The name of the input that it is: that of a header in the form of the others. */
        String input() {
            return in.equals("header") ? name.toLowerCase(Locale.ROOT).replace('-', '_') : name;
        }
    }

    /**
     * @param bodyPointer where the schema of its JSON body is; null when it takes none
     * @param mediaTypes what its successful replies may be, the preferred one first
     */
    record Operation(
            String id,
            String method,
            String path,
            Callers.Scope scope,
            List<Parameter> parameters,
            String bodyPointer,
            boolean bodyRequired,
            List<String> mediaTypes) {

        boolean takes(String in, String name) {
            return parameters.stream().anyMatch(p -> p.in.equals(in) && p.name.equalsIgnoreCase(name));
        }

        boolean reads() {
            return method.equals("GET");
        }
    }

    private final byte[] yaml;
    private final ObjectNode document;
    private final Map<String, Operation> operations = new LinkedHashMap<>();

    private Contract(byte[] yaml) throws IOException {
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
            return new Contract(Objects.requireNonNull(in, "openapi.yaml is not on the class path")
                    .readAllBytes());
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
        String body = "/requestBody/content/application~1json/schema";
        return new Operation(
                node.path("operationId").asText(),
                method.toUpperCase(Locale.ROOT),
                path,
                scope(node.path("x-scope").asText()),
                List.copyOf(parameters),
                node.at(body).isMissingNode() ? null : pointer + body,
                node.at("/requestBody/required").asBoolean(),
                mediaTypes(node.path("responses")));
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
                parameter.path("schema"),
                at + "/schema");
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

    private static Callers.Scope scope(String text) {
        return Callers.Scope.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** The contract for the router, without what it refuses to load (Vert.x 5.0): a relative server, other media types than JSON. */
    Future<OpenAPIContract> forRouter(Vertx vertx) {
        ObjectNode view = document.deepCopy();
        view.remove("servers");
        view.findValues("responses")
                .forEach(responses -> responses.forEach(response -> {
                    if (response.path("content") instanceof ObjectNode content) {
                        content.retain("application/json");
                    }
                }));
        return OpenAPIContract.from(vertx, new JsonObject(view.toString()));
    }

    Map<String, Operation> operations() {
        return operations;
    }

    byte[] yaml() {
        return yaml.clone();
    }

    String json() {
        return document.toString();
    }
}
