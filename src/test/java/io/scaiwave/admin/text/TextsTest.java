package io.scaiwave.admin.text;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.AsyncApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes as a request and what comes another way is held against the same rules. */
class TextsTest {
    private static final JsonNode OPENAPI = AsyncApi.yaml("openapi.yaml");
    private static final JsonNode ASYNCAPI = AsyncApi.yaml("asyncapi.yaml");
    private static final List<String> SAMPLES = samples();

    /** A rule in code, and where a contract has it in a pattern. */
    record Rule(String name, Predicate<String> code, JsonNode schema) {
        /** As the server reads patterns: {@code $} is the end of the text, and what is no text is refused beforehand. */
        boolean allows(String text, Pattern pattern) {
            int characters = text.codePointCount(0, text.length());
            return characters >= schema.path("minLength").asInt()
                    && characters <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
                    && Texts.isStorable(text)
                    && pattern.matcher(text).find();
        }

        Pattern pattern() {
            return Pattern.compile(schema.path("pattern").asText().replaceAll("\\$$", "\\\\z"));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Rule> rules() {
        JsonNode http = OPENAPI.at("/components/schemas");
        JsonNode kafka = ASYNCAPI.at("/components/schemas");
        return Stream.of(
                new Rule("FleetName", text -> Texts.isLine(text, 200), http.path("FleetName")),
                new Rule("DisplayName", text -> Texts.isLine(text, 100), http.path("DisplayName")),
                new Rule("ScaiKeyId", text -> Texts.isWord(text, 200), http.path("ScaiKeyId")),
                new Rule("Prompt", text -> Texts.isProse(text, 20_000), http.path("Prompt")),
                new Rule("ModelSlug", Slug::isValid, http.path("ModelSlug")),
                new Rule("Line", text -> Texts.isLine(text, Integer.MAX_VALUE), kafka.path("Line")),
                new Rule(
                        "server_name",
                        text -> Texts.isWord(text, 255),
                        kafka.at("/ParticipantData/properties/server_name")),
                new Rule("ModelSlug of Kafka", Slug::isValid, kafka.path("ModelSlug")));
    }

    /** Each character alone, within and at either end of a word, and between blanks; and texts that are odd in other ways. */
    private static List<String> samples() {
        List<String> samples = new ArrayList<>(List.of(
                "",
                "  \u00a0 ",
                "a/b",
                "/",
                "a//b",
                "/a",
                "a/",
                ".",
                "..",
                "...",
                "a/./b",
                "a/../b",
                ".a/..b/...",
                "a/b/c/d/e/f/g/h",
                "a/b/c/d/e/f/g/h/i",
                "a/b/c/d/e/f/g/h/",
                "a".repeat(100),
                "a".repeat(101),
                "a".repeat(256),
                "a".repeat(257),
                "\ud83d\ude00".repeat(100),
                "\ud83d\ude00".repeat(101),
                "a\ud800",
                "\udc00\ud800"));
        IntStream.concat(IntStream.range(0, 0x10000), IntStream.of(0x10000, 0x1f600, 0xe0001, 0x10ffff))
                .mapToObj(Character::toString)
                .forEach(c -> samples.addAll(List.of(c, "a" + c + "b", c + "a", "a" + c, " " + c + " ")));
        return samples;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void codeAndContract_agreeOnEachText(Rule rule) {
        Pattern pattern = rule.pattern();
        assertThat(rule.schema.path("pattern").asText()).isNotEmpty();
        assertThat(SAMPLES)
                .filteredOn(text -> rule.code.test(text) != rule.allows(text, pattern))
                .isEmpty();
        assertThat(SAMPLES).anyMatch(rule.code).anyMatch(rule.code.negate());
    }

    @ParameterizedTest
    @CsvSource({"a/, 4000", "/, 4000", "a, 5000000", "../, 1000000", "., 257"})
    void aSlugOfAnyLength_isRefusedAtOnce(String part, int times) {
        assertThat(Slug.isValid(part.repeat(times))).isFalse();
    }

    static Stream<Arguments> logged() {
        return Stream.of(
                Arguments.of("as it is, \u00e4\ud83d\ude00", "as it is, \u00e4\ud83d\ude00"),
                Arguments.of(null, "null"),
                Arguments.of("a\r\n12:00:00.000 INFO", "a\\u000d\\u000a12:00:00.000 INFO"),
                Arguments.of("\u001b[31m\u202e\u2028\u0000", "\\u001b[31m\\u202e\\u2028\\u0000"),
                Arguments.of("\ud800x", "\\ud800x"),
                Arguments.of("a".repeat(301), "a".repeat(300) + "…"));
    }

    @ParameterizedTest
    @MethodSource("logged")
    void foreignText_isLoggedOnOneLineAndNotAtAnyLength(String foreign, String expected) {
        assertThat(Texts.logged(foreign)).isEqualTo(expected);
    }

    /** Whatever the code lets through: conf/logback-text.xml keeps each message on its line. */
    @Test
    void aMessageOfTheLog_isOneLine() throws IOException {
        Matcher pattern =
                Pattern.compile("<pattern>(.*)</pattern>").matcher(Files.readString(Path.of("conf/logback-text.xml")));
        assertThat(pattern.find()).isTrue();
        LoggerContext context = new LoggerContext();
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.setPattern(pattern.group(1));
        layout.start();
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("Test"), Level.INFO, "a\nb\r\nc\u2028d\u0085e\u001b[0m \\ $1", null, null);
        assertThat(layout.doLayout(event).strip()).endsWith("INFO  Test - a b  c d e [0m \\ $1");
    }
}
