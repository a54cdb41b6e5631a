package io.scaiwave.admin.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.scaiwave.admin.testing.TestServer;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Well-framed requests of an operation of the contract with something wrong in the path, the query, the headers or the body; the same for a seed. */
final class BadRequests {
    private static final String MARK = "@@here@@";
    private static final int DEEP = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "0",
            "-1",
            "1e3",
            "NaN",
            "null",
            "true",
            "TRUE",
            "9223372036854775808",
            "9".repeat(400),
            "\u0000",
            "a\r\nb",
            "\u202e\u200b\ufeff\u2028",
            "\u0130\u00df\ufb00",
            "\ud83d\ude00".repeat(300),
            "' OR 1=1 --",
            "%",
            "\\",
            "../../etc/passwd",
            "a".repeat(3_000),
            "a/".repeat(500),
            "00000000-0000-0000-0000-000000000000",
            "2026-02-30T00:00:00Z",
            "+292278994-08-17T07:12:55.807Z",
            "2026-01-01T00:00:00+18:59",
            "scaiwave.web",
            "scailar-pro",
            "model.enable");

    private static final List<String> HEADER_VALUES = List.of(
            "",
            "*",
            "W/\"1\"",
            "\"" + "9".repeat(300) + "\"",
            "\"",
            ",,,",
            "a".repeat(2_000),
            "\u00e4\u00f6\u0080\u00ff",
            "text/csv;q=nonsense",
            "text/*;q=0, */*;q=0",
            "application/json;q=99999999999999999999",
            "multipart/form-data; boundary=",
            "application/json; charset=utf-16",
            "application/json;;;=",
            "gzip",
            "bytes=0-0,-1",
            "00000000-0000-0000-0000-000000000000",
            "Bearer",
            "Bearer a.b.c",
            "Basic Og==",
            "127.0.0.1, ::1, nonsense",
            "\"\t\"");

    private static final List<String> HEADERS = List.of(
            "If-Match",
            "If-None-Match",
            "Idempotency-Key",
            "Accept",
            "Accept-Language",
            "Authorization",
            "Content-Type",
            "Content-Encoding",
            "Cookie",
            "Last-Event-ID",
            "Origin",
            "Range",
            "User-Agent",
            "X-Forwarded-For",
            "X-HTTP-Method-Override",
            "X-Request-Id",
            "X-Tenant-Id");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-0.0",
            "1.5",
            "1e999",
            "1e-999999999",
            "9223372036854775808",
            "9".repeat(900),
            "1" + "0".repeat(100_000),
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\u202e\\u2028\\ufeff\"",
            "\"\ud83d\ude00\"",
            "\"" + "a".repeat(100_000) + "\"",
            "\"" + "\\u0130".repeat(2_000) + "\"",
            "[]",
            "{}",
            "[null]",
            "[[[[]]]]",
            "{\"\": {\"\": null}}",
            "{\"__proto__\": {\"a\": 1}, \"@class\": \"java.lang.Runtime\"}",
            "[" + "0,".repeat(20_000) + "0]",
            "NaN",
            "Infinity",
            "+1",
            "01",
            "'a'",
            "\"\\x\"",
            "\"a\tb\"",
            "[".repeat(DEEP) + "]".repeat(DEEP),
            "{\"a\":".repeat(DEEP) + "1" + "}".repeat(DEEP),
            "[".repeat(900) + "]".repeat(900));

    private final Random random;
    private final TestServer.Tenant tenant;

    BadRequests(long seed, TestServer.Tenant tenant) {
        this.random = new Random(seed);
        this.tenant = tenant;
    }

    /** @param credentials header lines, each ended by CRLF */
    byte[] next(Op op, String credentials) {
        boolean changes = !op.contract().reads();
        byte[] body = op.hasBody() || one(10) ? body(op) : new byte[0];
        Map<String, String> headers = new LinkedHashMap<>();
        if (body.length > 0) {
            headers.put("Content-Type", "application/json");
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            headers.put(any(HEADERS), any(HEADER_VALUES));
        }
        StringBuilder head = new StringBuilder(op.method() + " " + path(op) + query(op, changes) + " HTTP/1.1\r\n")
                .append("Host: localhost\r\n")
                .append(headers.containsKey("Authorization") ? "" : credentials)
                .append("Content-Length: ")
                .append(body.length)
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return (head.append("\r\n") + new String(body, ISO_8859_1)).getBytes(ISO_8859_1);
    }

    private boolean one(int in) {
        return random.nextInt(in) == 0;
    }

    private <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private String path(Op op) {
        Map<String, String> values = new LinkedHashMap<>();
        op.contract().parameters().stream()
                .filter(p -> p.in().equals("path") && one(3))
                .forEach(p -> values.put(p.name(), one(8) ? "%" + any(List.of("zz", "ff", "c0%ae", "00")) : text()));
        return op.path(tenant, values);
    }

    private String text() {
        return URLEncoder.encode(any(TEXTS), UTF_8).replace("+", "%20");
    }

    /** What would change something only says what it would do, in case that nothing is wrong with it. */
    private String query(Op op, boolean changes) {
        List<String> query = new ArrayList<>();
        if (changes) {
            query.add("dry_run=true");
        }
        op.contract().parameters().stream()
                .filter(p -> p.in().equals("query")
                        && one(3)
                        && !(changes && p.name().equals("dry_run")))
                .forEach(p -> {
                    query.add(p.name() + (one(10) ? "" : "=" + text()));
                    if (one(10)) {
                        query.add(p.name() + "=" + text());
                    }
                });
        if (one(10)) {
            query.add(any(List.of("%zz=1", "&&==", "nonsense=1", "=", "%00=%00", "a[b]=c", "dry_run=false")));
        }
        return query.isEmpty() ? "" : "?" + String.join("&", query);
    }

    private byte[] body(Op op) {
        String good = op.hasBody() ? op.body() : "{}";
        return switch (random.nextInt(12)) {
            case 0 -> any(VALUES).getBytes(UTF_8);
            case 1 -> ("\ufeff" + good).getBytes(UTF_8);
            case 2 -> good.getBytes(UTF_16);
            case 3 -> good.replaceFirst("\"", "\"\u00ff\u00c0\u0080").getBytes(ISO_8859_1);
            case 4 -> good.substring(0, random.nextInt(good.length())).getBytes(UTF_8);
            case 5 -> (good + any(VALUES)).getBytes(UTF_8);
            case 6 -> good.replaceFirst("\\{", "{\"a\": 1, \"a\": 2,").getBytes(UTF_8);
            case 7 -> good.replaceFirst("\\{", "{" + name() + ": 1,").getBytes(UTF_8);
            default -> withAnotherValue(good).getBytes(UTF_8);
        };
    }

    private String name() {
        return TextNode.valueOf(any(TEXTS)).toString();
    }

    /** The body with another value somewhere, in its members or in theirs. */
    private String withAnotherValue(String good) {
        try {
            JsonNode tree = JSON.readTree(good);
            List<JsonPointer> places = new ArrayList<>();
            collect(tree, JsonPointer.empty(), places);
            if (places.isEmpty()) {
                return any(VALUES);
            }
            JsonPointer place = any(places);
            JsonNode parent = tree.at(place.head());
            if (parent instanceof ObjectNode object) {
                object.put(place.last().getMatchingProperty(), MARK);
            } else {
                ((ArrayNode) parent).set(place.last().getMatchingIndex(), TextNode.valueOf(MARK));
            }
            return tree.toString().replace("\"" + MARK + "\"", any(VALUES));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> places) {
        if (node.isObject()) {
            node.properties().forEach(member -> {
                JsonPointer place = at.appendProperty(member.getKey());
                places.add(place);
                collect(member.getValue(), place, places);
            });
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            JsonPointer place = at.appendIndex(i);
            places.add(place);
            collect(node.get(i), place, places);
        }
    }
}
