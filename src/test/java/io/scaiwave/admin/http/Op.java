package io.scaiwave.admin.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** An operation of the contract, with a path, a query parameter and a body that it would take. */
record Op(Contract.Operation contract) {
    private static final Contract CONTRACT = Contract.load();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EXAMPLES = "/content/application~1json/examples";
    private static final JsonNode DOCUMENT = document();

    /** What is off for a new tenant, so that only switching it on would be a change. */
    private static final Map<String, String> OFF = Map.of("slug", "acme/enable", "plugin_id", "scaiwave.web");
    /** What {@link RefusedInput} has switched on. */
    private static final Map<String, String> ON = Map.of("slug", "scailar-pro", "plugin_id", "scaiwave.files");

    private static JsonNode document() {
        try {
            return JSON.readTree(CONTRACT.json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Op> all() {
        return CONTRACT.operations().values().stream().map(Op::new);
    }

    /** Named so for JUnit, which makes parameters of ids with it. */
    static Op of(String id) {
        return new Op(CONTRACT.operations().get(id));
    }

    String id() {
        return contract.id();
    }

    String method() {
        return contract.method();
    }

    boolean hasBody() {
        return contract.body() != null;
    }

    /** A query parameter that it has, with a value; null when it has none. */
    String parameter() {
        return contract.parameters().stream()
                .filter(p -> p.in().equals("query"))
                .map(p -> p.name() + "=1")
                .findFirst()
                .orElse(null);
    }

    String path(TestServer.Tenant tenant) {
        return path(tenant, Map.of());
    }

    /** The path with other values for some of its variables. */
    String path(TestServer.Tenant tenant, Map<String, String> others) {
        String path = contract.path();
        for (Contract.Parameter parameter : contract.parameters()) {
            String value = others.getOrDefault(parameter.name(), value(parameter, tenant));
            path = path.replace("{" + parameter.name() + "}", value);
        }
        return path;
    }

    private String value(Contract.Parameter parameter, TestServer.Tenant tenant) {
        if (parameter.name().equals("partner_id")) {
            return tenant.partner.id;
        }
        String example = DOCUMENT.at(parameter.pointer().replaceFirst("/schema$", "/example"))
                .asText();
        return (id().startsWith("disable") ? ON : OFF).getOrDefault(parameter.name(), example);
    }

    /** The contract's first example of a body. */
    ObjectNode example() {
        return example(examples().findFirst().orElseThrow());
    }

    /** The names of the contract's examples of a body. */
    Stream<String> examples() {
        return shown().propertyStream().map(Map.Entry::getKey);
    }

    ObjectNode example(String name) {
        return shown().path(name).path("value").deepCopy();
    }

    private JsonNode shown() {
        return node().at("/requestBody" + EXAMPLES);
    }

    private JsonNode node() {
        return DOCUMENT.at("/paths/" + contract.path().replace("/", "~1") + "/" + method().toLowerCase(Locale.ROOT));
    }

    /** The status of the successful reply that has an example of this name; empty when none has. */
    OptionalInt statusShown(String name) {
        return node().path("responses")
                .propertyStream()
                .filter(reply -> reply.getValue().at(EXAMPLES).has(name))
                .mapToInt(reply -> Integer.parseInt(reply.getKey()))
                .findFirst();
    }

    /** What the example of this name says about the resource. */
    JsonNode dataShown(String name) {
        return node().at("/responses/" + statusShown(name).orElseThrow() + EXAMPLES + "/" + name + "/value/data");
    }

    /** The example without parents that do not exist here. */
    ObjectNode good() {
        return example().remove(List.of("partner_id", "parent_partner_id"));
    }

    /** The good body as text; null when it takes none. */
    String body() {
        return hasBody() ? good().toString() : null;
    }

    /** The good body with one more member, or with another value for one that it has; the value may be no JSON at all. */
    String bodyWith(String name, String json) {
        String others = good().without(List.of(name)).toString().substring(1);
        return "{\"" + name + "\":" + json + (others.equals("}") ? "" : ",") + others;
    }

    @Override
    public String toString() {
        return id();
    }
}
