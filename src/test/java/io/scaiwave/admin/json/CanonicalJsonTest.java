package io.scaiwave.admin.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our canonical form against that of the library by the authors of RFC 8785. */
class CanonicalJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROUNDS = 600;
    private static final int DEPTH_MAX = 4;

    /** Where canonical forms go wrong: escapes, the ends of UTF-8's and UTF-16's ranges, and what sorts unlike UTF-8. */
    private static final String[] PIECES = {
        "a",
        "Z",
        "0",
        " ",
        "\"",
        "\\",
        "/",
        "\b",
        "\t",
        "\n",
        "\f",
        "\r",
        "\u0000",
        "\u001f",
        "\u007f",
        "\u0080",
        "\u00e9",
        "\u07ff",
        "\u0800",
        "\u2028",
        "\u20ac",
        "\ud7ff",
        "\ue000",
        "\ufb33",
        "\uffff",
        "\ud83d\ude00",
        "\ud800\udc00",
        "\udbff\udfff"
    };

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private static Number number(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextLong() >> random.nextInt(Long.SIZE);
            case 2 -> random.nextInt(2_000_000) / 1000.0;
            case 3 -> random.nextGaussian() * Math.pow(10, random.nextInt(50) - 25);
            case 4 -> finite(Double.longBitsToDouble(random.nextLong()));
            case 5 -> (1L << 53) + random.nextInt(5) - 2;
            default ->
                List.of(0.0, -0.0, 1e21, 1e20, 1e-6, 1e-7, Double.MIN_VALUE, Double.MAX_VALUE)
                        .get(random.nextInt(8));
        };
    }

    private static double finite(double number) {
        return Double.isFinite(number) ? number : 0.5;
    }

    private static Object value(Random random, int depth) {
        int kind = random.nextInt(depth < DEPTH_MAX ? 7 : 4);
        return switch (kind) {
            case 0 -> text(random);
            case 1 -> number(random);
            case 2 -> random.nextBoolean();
            case 3 -> null;
            case 4 -> {
                List<Object> list = new ArrayList<>();
                IntStream.range(0, random.nextInt(5)).forEach(i -> list.add(value(random, depth + 1)));
                yield list;
            }
            default -> object(random, depth);
        };
    }

    private static Map<String, Object> object(Random random, int depth) {
        Map<String, Object> object = new HashMap<>();
        IntStream.range(0, random.nextInt(8)).forEach(i -> object.put(text(random), value(random, depth + 1)));
        return object;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void bytes_areThoseOfTheLibrary(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            String json = JSON.writeValueAsString(object(random, 0));
            // As the verb does it: from text, through Jackson's types.
            byte[] ours = CanonicalJson.bytes(JSON.readValue(json, Map.class));
            assertThat(new String(ours, StandardCharsets.UTF_8))
                    .as(json)
                    .isEqualTo(new JsonCanonicalizer(json).getEncodedString());
        }
    }

    @Test
    void bytes_writesEveryNumberAsADouble() throws IOException {
        for (long number : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, 1L << 53, -(1L << 53), (1L << 53) + 1, 0, -1}) {
            assertThat(CanonicalJson.bytes(List.of(number)))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(new JsonCanonicalizer("[" + number + "]").getEncodedString());
        }
    }

    @Test
    void bytesWithout_leavesOneMemberOutOnItsLevelOnly() {
        Map<String, Object> object = Map.of("hash", "x", "b", Map.of("hash", 1), "a", 2);
        assertThat(CanonicalJson.bytesWithout("hash", object))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"a\":2,\"b\":{\"hash\":1}}");
    }

    @Test
    void bytes_refusesWhatHasNoCanonicalForm() {
        for (Object value :
                new Object[] {"\ud800", "a\udc00b", "\ud800\ud800", Double.NaN, Double.POSITIVE_INFINITY, new Object()
                }) {
            assertThatThrownBy(() -> CanonicalJson.bytes(Map.of("a", value)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void plainObjects_areWrittenAlikeByBoth(long seed) throws IOException {
        Random random = new Random(seed);
        int plain = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Map<String, Object> object = object(random, 0);
            ObjectWriter writer = i % 2 == 0 ? JSON.writer() : JSON.writerWithDefaultPrettyPrinter();
            byte[] json = writer.writeValueAsBytes(object);
            PlainMembers members = PlainJson.read(json, 0, json.length);
            if (members != null) {
                plain++;
                assertThat(members.bytes())
                        .as(new String(json, StandardCharsets.UTF_8))
                        .isEqualTo(CanonicalJson.bytes(object));
            }
        }
        assertThat(plain).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " { \"b\" : [ ] , \"a\" : [1, -20, {\"z\": null, \"y\": {}}, true], \"aa\" : false } ",
                "{\"b c\":\"\u00e9 \ud83d\ude00 \\n\\\\ /\",\"B\":[999999999999999, 0.7, -0.000001, 123456789.12345, 0, 1.0, -20.50, 0.00],\"\":0}"
            })
    void ordinaryObjects_arePlain(String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        PlainMembers members = Objects.requireNonNull(PlainJson.read(bytes, 0, bytes.length));
        assertThat(members.bytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(new JsonCanonicalizer(json).getEncodedString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":1}}",
                "{\"a\":1} x",
                "{\"a\":[1,]}",
                "{\"a\":[}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"b\":2,\"a\":3}",
                "{\"a\":01}",
                "{\"a\":-0}",
                "{\"a\":-}",
                "{\"a\":-0.0}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":00.5}",
                "{\"a\":-00.5}",
                "{\"a\":1.5e2}",
                "{\"a\":0.0000001}",
                "{\"a\":1234567890.123456}",
                "{\"a\":1e2}",
                "{\"a\":1000000000000000}",
                "{\"a\":nul}",
                "{\"a\":nulls}",
                "{\"a\":\"\\u0041\"}",
                "{\"a\":\"\\/\"}",
                "{\"a\":\"\t\"}",
                "{\"\\n\":1}",
                "{\"\u00e9\":1}",
                "{a:1}"
            })
    void whatTakesThought_isNotPlain(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        assertThat(PlainJson.read(bytes, 0, bytes.length)).isNull();
    }

    @Test
    void whatIsNoUtf8_isNotPlain() {
        for (byte[] text : new byte[][] {
            {(byte) 0xC0, (byte) 0x80}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {(byte) 0xFF}, {(byte) 0xC3}
        }) {
            byte[] json = "{\"a\":\"????\"}".getBytes(StandardCharsets.UTF_8);
            System.arraycopy(text, 0, json, 6, text.length);
            assertThat(PlainJson.read(json, 0, json.length)).isNull();
        }
    }

    @Test
    void depthAndCount_areBounded() {
        for (String json : List.of(
                "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}",
                wide(1001),
                "{\"a\":\"" + "x".repeat(70_000) + "\"}")) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            assertThat(PlainJson.read(bytes, 0, bytes.length)).isNull();
        }
        byte[] bytes = wide(1000).getBytes(StandardCharsets.UTF_8);
        assertThat(PlainJson.read(bytes, 0, bytes.length)).isNotNull();
    }

    private static String wide(int members) {
        return IntStream.range(0, members).mapToObj("\"m%d\":1"::formatted).collect(Collectors.joining(",", "{", "}"));
    }
}
