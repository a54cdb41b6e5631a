package io.scaiwave.admin.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.regex.RegularExpression;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Failure.Detail;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.json.Utf8;
import io.scaiwave.admin.text.Texts;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request against openapi.yaml and makes the operation's input of it. It replaces the router's own validation, which
 * takes one request at a time on a worker thread: here the schemas are compiled once, at the start, and checked where the
 * request is served. It reports all faults at once, and lets nothing pass that the contract does not name.
 */
final class ContractValidator {
    private static final String DOCUMENT = "https://scaiwave.io/admin/openapi.json";
    private static final int DETAILS_MAX = 20;
    private static final int TEXT_MAX = 900;
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,30}");
    private static final Pattern OFFSET_WITHOUT_PLUS = Pattern.compile(" (\\d\\d:\\d\\d)$");

    private record ParameterPlan(Contract.Parameter parameter, JsonSchema schema) {}

    private record BodyPlan(Contract.Body taken, JsonSchema schema) {}

    private record Plan(
            List<ParameterPlan> parameters, @Nullable BodyPlan body) {}

    private final Map<String, Plan> plans = new HashMap<>();

    ContractValidator(Contract contract) {
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(DOCUMENT, contract.json()))));
        SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                .pathType(PathType.JSON_POINTER)
                .formatAssertionsEnabled(true)
                .regularExpressionFactory(ContractValidator::pattern)
                .build();
        Function<String, JsonSchema> schemas = pointer -> schema(factory, config, pointer);
        contract.operations().values().forEach(operation -> plans.put(operation.id(), plan(operation, schemas)));
    }

    private static Plan plan(Contract.Operation operation, Function<String, JsonSchema> schemas) {
        List<ParameterPlan> parameters = operation.parameters().stream()
                .map(p -> new ParameterPlan(p, schemas.apply(p.pointer())))
                .toList();
        Contract.Body body = operation.body();
        return new Plan(parameters, body == null ? null : new BodyPlan(body, schemas.apply(body.pointer())));
    }

    /** In the contract's dialect (ECMA-262) {@code $} is the end of the text; in Java it would let a line break follow. */
    private static RegularExpression pattern(String pattern) {
        boolean toTheEnd = pattern.endsWith("$");
        Pattern compiled = Pattern.compile(toTheEnd ? pattern.substring(0, pattern.length() - 1) + "\\z" : pattern);
        return text -> compiled.matcher(text).find();
    }

    private static JsonSchema schema(JsonSchemaFactory factory, SchemaValidatorsConfig config, String pointer) {
        JsonSchema schema = factory.getSchema(SchemaLocation.of(DOCUMENT + "#" + pointer), config);
        schema.initializeValidators();
        return schema;
    }

    /**
     * The operation's inputs by name, conventions included, and {@code body}.
     *
     * @throws Failure with every fault and its field; or, before all others, that the path names nothing
     */
    ObjectNode inputs(String operationId, RoutingContext context) {
        Plan plan = Objects.requireNonNull(plans.get(operationId), operationId);
        MultiMap query = context.queryParams();
        List<Detail> faults = new ArrayList<>();
        ObjectNode inputs = Json.MAPPER.createObjectNode();
        for (ParameterPlan planned : plan.parameters) {
            String name = planned.parameter.name();
            List<String> sent =
                    switch (planned.parameter.in()) {
                        case "path" -> List.of(context.pathParam(name));
                        case "query" -> query.getAll(name);
                        default -> context.request().headers().getAll(name);
                    };
            parameter(planned, sent, inputs, faults);
        }
        unknown(plan, query, faults);
        body(plan, Exchange.of(context).body(), inputs, faults);
        if (!faults.isEmpty()) {
            throw Failure.invalid(faults.stream()
                    .limit(DETAILS_MAX)
                    .map(ContractValidator::shortened)
                    .toList());
        }
        return inputs;
    }

    private static void unknown(Plan plan, MultiMap query, List<Detail> faults) {
        Set<String> known = plan.parameters.stream()
                .map(ParameterPlan::parameter)
                .filter(p -> p.in().equals("query"))
                .map(Contract.Parameter::name)
                .collect(Collectors.toSet());
        query.names().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> faults.add(new Detail(name, "is not a parameter of this operation")));
    }

    /** Names of unknown fields are the client's, and as long as they like. */
    private static Detail shortened(Detail fault) {
        return new Detail(shortened(fault.field()), shortened(fault.message()));
    }

    private static String shortened(String text) {
        if (text.length() <= TEXT_MAX) {
            return text;
        }
        // Not between the halves of a surrogate pair.
        int end = Character.isHighSurrogate(text.charAt(TEXT_MAX - 2)) ? TEXT_MAX - 2 : TEXT_MAX - 1;
        return text.substring(0, end) + "…";
    }

    private static void parameter(ParameterPlan planned, List<String> sent, ObjectNode inputs, List<Detail> faults) {
        Contract.Parameter parameter = planned.parameter;
        if (sent.size() > 1) {
            faults.add(new Detail(parameter.name(), "is given more than once"));
        } else if (!sent.isEmpty()) {
            JsonNode value = value(parameter.schema(), sent.get(0));
            int before = faults.size();
            check(planned.schema, value, parameter.name(), faults);
            if (faults.size() > before && parameter.notFound() != null) {
                throw Failure.notFound(
                        parameter.notFound().code(), parameter.notFound().message());
            }
            inputs.set(parameter.input(), value);
        } else if (parameter.required()) {
            faults.add(new Detail(parameter.name(), "is required"));
        } else if (parameter.schema().has("default")) {
            inputs.set(parameter.input(), parameter.schema().get("default"));
        }
    }

    /** A text as the type that the schema wants; where it is none, it stays text and the schema says so. */
    private static JsonNode value(JsonNode schema, String text) {
        return switch (schema.path("type").asText()) {
            case "integer" -> wholeNumber(text);
            case "boolean" -> truth(text);
            default -> TextNode.valueOf(schema.path("format").asText().equals("date-time") ? time(text) : text);
        };
    }

    private static JsonNode wholeNumber(String text) {
        boolean whole = WHOLE_NUMBER.matcher(text).matches();
        return whole ? BigIntegerNode.valueOf(new BigInteger(text)) : TextNode.valueOf(text);
    }

    private static JsonNode truth(String text) {
        return switch (text) {
            case "true" -> BooleanNode.TRUE;
            case "false" -> BooleanNode.FALSE;
            default -> TextNode.valueOf(text);
        };
    }

    /** A plus sign in a query means a space; in the offset of a time, only a plus sign can have been meant. */
    private static String time(String text) {
        return OFFSET_WITHOUT_PLUS.matcher(text).replaceAll("+$1");
    }

    private static void body(Plan plan, @Nullable Buffer body, ObjectNode inputs, List<Detail> faults) {
        if (body == null || body.length() == 0) {
            if (plan.body != null && plan.body.taken.required()) {
                faults.add(new Detail("", "is required"));
            }
            return;
        }
        if (plan.body == null) {
            faults.add(new Detail("", "must be empty: this operation takes none"));
            return;
        }
        JsonNode json = parsed(body);
        if (json instanceof ObjectNode members) {
            members.remove(plan.body.taken.readOnly());
        }
        check(plan.body.schema, json, "", faults);
        inputs.set("body", json);
    }

    private static JsonNode parsed(Buffer body) {
        byte[] bytes = body.getBytes();
        if (!Utf8.isText(bytes, 0, bytes.length)) {
            throw notJson(" in UTF-8");
        }
        try {
            JsonNode json = Json.MAPPER.readTree(bytes);
            if (!json.isMissingNode()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw notJson(where(e.getLocation()));
        } catch (IOException e) {
            // falls through: bytes that are no text
        }
        throw notJson("");
    }

    private static String where(@Nullable JsonLocation at) {
        return at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    }

    private static Failure notJson(String where) {
        return new Failure(Failure.Kind.MALFORMED, "SW_BAD_REQUEST", "the body is not JSON" + where);
    }

    private static void check(JsonSchema schema, JsonNode value, String at, List<Detail> faults) {
        unstorable(value, at, faults);
        if (hasBoundlessNumber(value)) {
            return; // the schema's checks would fail at it
        }
        for (ValidationMessage message : schema.validate(value)) {
            String field = at + message.getInstanceLocation();
            faults.add(
                    switch (message.getType()) {
                        case "required" -> new Detail(field + step(message.getProperty()), "is required");
                        case "additionalProperties" ->
                            new Detail(field + step(message.getProperty()), "is not a known field");
                        // The pattern itself would tell people nothing.
                        case "pattern" ->
                            new Detail(field, "has a form or a character that the contract does not allow");
                        default -> new Detail(field, message.getError());
                    });
        }
    }

    /** A member's name as a step of a JSON Pointer (RFC 6901). */
    private static String step(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** What cannot be held, though JSON can write it: NUL and halves of surrogate pairs in texts, and numbers like 1e999. */
    private static void unstorable(JsonNode value, String at, List<Detail> faults) {
        if (value.isTextual() && !Texts.isStorable(value.textValue())) {
            faults.add(new Detail(at, "has a character that is not text: U+0000 or an unpaired surrogate"));
        } else if (isBoundless(value)) {
            faults.add(new Detail(at, "is a number beyond all that can be held"));
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                unstorable(value.get(i), at + "/" + i, faults);
            }
        } else if (value.isObject()) {
            value.properties().forEach(field -> {
                if (!Texts.isStorable(field.getKey())) {
                    faults.add(new Detail(at, "has a field whose name is not text"));
                }
                unstorable(field.getValue(), at + step(field.getKey()), faults);
            });
        }
    }

    private static boolean isBoundless(JsonNode value) {
        return value.isDouble() && !Double.isFinite(value.doubleValue());
    }

    private static boolean hasBoundlessNumber(JsonNode value) {
        for (JsonNode child : value) {
            if (hasBoundlessNumber(child)) {
                return true;
            }
        }
        return isBoundless(value);
    }
}
