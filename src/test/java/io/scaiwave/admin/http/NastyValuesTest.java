package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each text that the contract lets a client send, with what clients send to break servers: the server never fails. */
class NastyValuesTest {
    private static final TestServer SERVER = TestServer.shared();
    /** Writes halves of surrogate pairs as escapes, which UTF-8 could not carry. */
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final Contract CONTRACT = Contract.load();

    private static final List<String> VALUES = List.of(
            "",
            " ",
            "\n",
            "a\n",
            "a\r\nb",
            "\t\u0001\u001f\u007f\u0085",
            "\u0000",
            "a\u0000b",
            "\ud800",
            "' OR 1=1 --",
            "'; DROP TABLE tenants; --",
            "$1 $$ ${x} {0} %s%n",
            "%",
            "_",
            "\\",
            "\"",
            "{}",
            "null",
            "../../etc/passwd",
            "<script>alert(1)</script>",
            "\u202e\u200b\ufeff\u2028",
            "\u0130\u00df\ufb00",
            "abcdefgh\ud83d\ude00\ud83d\ude00\ud83d\ude00",
            "abc\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00abc",
            "9999-99-99T99:99:99Z",
            "-294276-01-01T00:00:00Z",
            "00000000-0000-0000-0000-000000000000",
            "a".repeat(201),
            "a".repeat(21_000));

    /** Percent-encodings that no text has. */
    private static final List<String> BROKEN =
            List.of("%FF", "%C3%28", "%ED%A0%80", "%C0%80", "%F5%80%80%80", "%u0041", "%");

    private static TestServer.Tenant tenant;
    private static Api root;

    @BeforeAll
    static void makeTenant() {
        tenant = SERVER.newTenant();
        root = SERVER.superAdmin().with("X-Tenant-Id", tenant.id);
    }

    /** The pointers of all texts in a body; of a list, those of its first item. */
    private static Stream<String> texts(JsonNode node, String at) {
        if (node.isObject()) {
            return node.propertyStream().flatMap(member -> texts(member.getValue(), at + "/" + member.getKey()));
        }
        if (node.isArray()) {
            return node.isEmpty() ? Stream.empty() : texts(node.get(0), at + "/0");
        }
        return node.isTextual() || node.isNull() ? Stream.of(at) : Stream.empty();
    }

    static Stream<Arguments> bodies() {
        return CONTRACT.operations().values().stream()
                .filter(operation -> operation.body() != null)
                .flatMap(operation ->
                        texts(new Op(operation).example(), "").map(field -> Arguments.of(operation.id(), field)));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void field_neverBreaksTheServer(String id, String field) {
        Contract.Operation operation = CONTRACT.operations().get(id);
        for (String value : VALUES) {
            ObjectNode body = good(operation);
            set(body, JsonPointer.compile(field), value);
            neverFails(root, operation.method(), path(operation, null, null), text(body));
        }
        if (field.equals("/name")) {
            nameOfAMember(operation);
        }
    }

    /** Names that were never agreed on, as members of the body and of the objects in it. */
    private static void nameOfAMember(Contract.Operation operation) {
        for (String value : VALUES) {
            neverFails(
                    root,
                    operation.method(),
                    path(operation, null, null),
                    text(good(operation).put(value, 1)));
            ObjectNode body = good(operation);
            body.putObject("features").put(value, true);
            neverFails(root, operation.method(), path(operation, null, null), text(body));
        }
    }

    /** The contract's example, with names that are free. */
    private static ObjectNode good(Contract.Operation operation) {
        ObjectNode body = new Op(operation).good();
        List.of("slug", "local_id", "scaikey_tenant_id", "scaikey_partner_id").stream()
                .filter(body::has)
                .forEach(name -> body.put(name, TestServer.unique("nasty")));
        return body;
    }

    private static String text(JsonNode body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void set(JsonNode body, JsonPointer field, String value) {
        JsonNode parent = body.at(field.head());
        String name = field.last().getMatchingProperty();
        if (parent instanceof ArrayNode list) {
            list.set(Integer.parseInt(name), TextNode.valueOf(value));
        } else {
            ((ObjectNode) parent).put(name, value);
        }
    }

    static Stream<Arguments> parameters() {
        return CONTRACT.operations().values().stream().flatMap(operation -> operation.parameters().stream()
                .filter(p -> !p.in().equals("header"))
                .map(p -> Arguments.of(operation.id(), p.name())));
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void parameter_neverBreaksTheServer(String id, String name) {
        Contract.Operation operation = CONTRACT.operations().get(id);
        String body = operation.body() == null ? null : good(operation).toString();
        // Beyond some kilobytes the line itself is refused, which has a test of its own.
        Stream<String> encoded = VALUES.stream()
                .filter(value -> value.length() < 1000)
                .map(value -> URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        Stream.concat(encoded, BROKEN.stream().filter(value -> !value.matches("%u.*|%")))
                .forEach(value -> neverFails(root, operation.method(), path(operation, name, value), body));
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            for (String value : BROKEN) {
                String headers = authorization() + "Content-Length: 0\r\n";
                assertThat(connection
                                .exchange(operation.method(), path(operation, name, value), headers)
                                .status())
                        .as("%s = %s", name, value)
                        .isBetween(200, 499);
            }
        }
    }

    private static String path(Contract.Operation operation, String name, String value) {
        String variable = "{" + name + "}";
        if (operation.path().contains(variable)) {
            return new Op(operation).path(tenant, Map.of(name, value));
        }
        String path = new Op(operation).path(tenant);
        return name == null ? path : path + "?" + name + "=" + value;
    }

    static Stream<Arguments> headers() {
        return CONTRACT.operations().values().stream().flatMap(operation -> operation.parameters().stream()
                .filter(p -> p.in().equals("header"))
                .map(p -> Arguments.of(operation.id(), p.name())));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void header_neverBreaksTheServer(String id, String name) {
        Contract.Operation operation = CONTRACT.operations().get(id);
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            for (String value : VALUES) {
                String body = operation.body() == null ? "" : good(operation).toString();
                String line = value.replaceAll("[\\x00-\\x1f\\x7f]", "");
                line = line.substring(0, Math.min(line.length(), 4000));
                String headers = "%s%s: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(authorization(), name, line, body.length(), body);
                RawConnection.Reply reply =
                        connection.exchange(operation.method(), path(operation, null, null), headers);
                assertThat(reply.status())
                        .as("%s: %s, %s", name, line, reply.body())
                        .isBetween(200, 499);
            }
        }
    }

    private static String authorization() {
        return "Authorization: Bearer "
                + SERVER.platform().scaiKey().es256Token(Map.of("sub", "root", "role", "super_admin"))
                + "\r\nX-Tenant-Id: "
                + tenant.id + "\r\n";
    }

    private static void neverFails(Api api, String method, String path, String body) {
        Api.Reply reply = api.send(method, path, body);
        assertThat(reply.status())
                .as("%s %s %s: %s", method, path, body, reply.body())
                .isBetween(200, 499);
    }
}
