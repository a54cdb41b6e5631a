package io.scaiwave.admin.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.outbound.Outbound;
import io.scaiwave.admin.testing.Answers;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What the client makes of a ScaiGrid that answers oddly. */
@Timeout(30)
class ScaiGridClientTest {
    private static final int MODELS_MAX = 50;
    private static final int PAGES_MAX = 20;
    private static final int BYTES_MAX = 100_000;
    private static final String GOOD = "{\"slug\": \"good\", \"modality\": \"chat\"}";
    private static final Secret TOKEN = new Secret("sgk_secret");

    private final Vertx vertx = Vertx.vertx();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ScaiGridClient.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Answers scaiGrid;
    private ScaiGridClient client;

    @BeforeEach
    void start() {
        log.start();
        logger.addAppender(log);
        scaiGrid = Answers.start();
        client = new ScaiGridClient(
                new Outbound(vertx, List.of()),
                new Config.ScaiGrid(scaiGrid.url(), 2_000, 3_000, BYTES_MAX, 10, PAGES_MAX, MODELS_MAX, 1_000, 1_000));
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        vertx.close().await();
        scaiGrid.close();
    }

    private static String page(String rows, String pagination) {
        return "{\"data\": {\"items\": [" + rows + "]}, \"pagination\": " + pagination + "}";
    }

    private static String page(String... rows) {
        return page(String.join(", ", rows), "{\"has_more\": false, \"next_cursor\": null}");
    }

    private static String named(int number) {
        return "{\"slug\": \"m" + number + "\", \"modality\": \"chat\"}";
    }

    private Offer read() {
        return client.models(TOKEN).await();
    }

    private List<String> logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private void assertAway() {
        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.code()).isEqualTo("SW_SCAIGRID_UNAVAILABLE"));
    }

    static List<String> rowsThatAreLeftOut() {
        String long4000 = "a/".repeat(3_999) + "a";
        return List.of(
                "null",
                "5",
                "[]",
                "{}",
                "{\"slug\": \"odd\"}",
                "{\"slug\": 5, \"modality\": \"chat\"}",
                "{\"slug\": null, \"modality\": \"chat\"}",
                "{\"slug\": {}, \"modality\": \"chat\"}",
                "{\"slug\": \"\", \"modality\": \"chat\"}",
                "{\"slug\": \"a//b\", \"modality\": \"chat\"}",
                "{\"slug\": \"a/../b\", \"modality\": \"chat\"}",
                "{\"slug\": \"a b\", \"modality\": \"chat\"}",
                "{\"slug\": \"a\\n12:00:00.000 INFO forged\", \"modality\": \"chat\"}",
                "{\"slug\": \"a\\u0000\", \"modality\": \"chat\"}",
                "{\"slug\": \"a\\ud800\", \"modality\": \"chat\"}",
                "{\"slug\": \"" + long4000 + "\", \"modality\": \"chat\"}",
                "{\"slug\": \"" + "a".repeat(257) + "\", \"modality\": \"chat\"}",
                "{\"slug\": \"odd\", \"modality\": \"video\"}",
                "{\"slug\": \"odd\", \"modality\": null}",
                "{\"slug\": \"odd\", \"modality\": [\"chat\"]}",
                "{\"slug\": \"odd\", \"modality\": 1e30}",
                "{\"slug\": \"good\", \"modality\": \"audio\"}");
    }

    @ParameterizedTest
    @MethodSource("rowsThatAreLeftOut")
    void anOddRow_isLeftOutCountedAndLoggedOnce(String row) {
        scaiGrid.answer(page(GOOD, row, named(1)));
        for (int refresh = 0; refresh < 3; refresh++) {
            Offer offer = read();
            assertThat(offer.models()).extracting(Model::slug).containsExactly("good", "m1");
            assertThat(offer.models().get(0).modality()).isEqualTo("chat");
            assertThat(offer.leftOut()).isEqualTo(1);
        }
        assertThat(logged()).singleElement().satisfies(line -> assertThat(line)
                .startsWith("left out of the catalog: ")
                .hasSizeLessThan(500)
                .doesNotContain("\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a~b", "team@v2", "~", "a=b,c+d", "-x", ".hidden/..x/...", "hub/eu/acme/a/b/c/d/e"})
    void aSlugOfTheContract_isInTheCatalog(String slug) {
        scaiGrid.answer(page("{\"slug\": \"" + slug + "\", \"modality\": \"chat\"}"));
        assertThat(read()).isEqualTo(new Offer(List.of(new Model(slug, slug, "chat", null, null, "active", null)), 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "display_name|null|0",
                "display_name|5|1",
                "display_name|[\"a\"]|1",
                "display_name|\"\"|1",
                "display_name|\" \\u3000\"|1",
                "display_name|\"a\\nb\"|1",
                "display_name|\"a\\u0000b\"|1",
                "display_name|\"a\\ud800\"|1",
                "display_name|\"\\u202egpj.exe\"|1",
                "context_window|null|0",
                "context_window|\"8192\"|1",
                "context_window|-1|1",
                "context_window|1.5|1",
                "context_window|1e30|1",
                "context_window|9007199254740992|1",
                "context_window|99999999999999999999999|1",
                "context_window|1e999999|1",
                "context_window|true|1",
                "max_output_tokens|{}|1",
                "status|null|0",
                "status|\"retired\"|1",
                "status|7|1",
                "health_status|null|0",
                "health_status|true|1",
                "health_status|\"a\\u0007\"|1",
                "unknown|{\"a\": [1]}|0"
            })
    void anOddField_isAsIfScaiGridHadNotSentIt(String field, String value, int lines) {
        scaiGrid.answer(page("{\"slug\": \"good\", \"modality\": \"chat\", \"" + field + "\": " + value + "}"));
        for (int refresh = 0; refresh < 2; refresh++) {
            assertThat(read())
                    .isEqualTo(new Offer(List.of(new Model("good", "good", "chat", null, null, "active", null)), 0));
        }
        assertThat(logged()).hasSize(lines);
    }

    @Test
    void goodFields_areKeptAsTheyAre() {
        scaiGrid.answer(page("""
                {"slug": "s", "display_name": "D \u00e4\ud83d\ude00", "modality": "image", "context_window": 9007199254740991,
                 "max_output_tokens": 4096.0, "status": "deprecated", "health_status": "degraded"}"""));
        assertThat(read())
                .isEqualTo(new Offer(
                        List.of(new Model(
                                "s",
                                "D \u00e4\ud83d\ude00",
                                "image",
                                9_007_199_254_740_991L,
                                4_096L,
                                "deprecated",
                                "degraded")),
                        0));
        assertThat(logged()).isEmpty();
    }

    @Test
    void aCursorThatRepeats_endsTheReading() {
        scaiGrid.answer(page(GOOD, "{\"has_more\": true, \"next_cursor\": \"same &+\"}"));
        assertThat(read().models()).extracting(Model::slug).containsExactly("good");
        assertThat(scaiGrid.paths()).containsExactly("/v1/models?limit=10", "/v1/models?limit=10&cursor=same+%26%2B");
    }

    @Test
    void moreModelsThanTheLimit_areCutOffAndSaidSo() {
        String rows = IntStream.range(0, MODELS_MAX)
                .mapToObj(ScaiGridClientTest::named)
                .collect(Collectors.joining(","));
        scaiGrid.answer(page(rows, "{\"has_more\": true, \"next_cursor\": \"next\"}"));
        Offer offer = read();
        assertThat(offer.models()).hasSize(MODELS_MAX);
        assertThat(offer.leftOut()).isEqualTo(1);
        assertThat(scaiGrid.paths()).hasSize(1);
        scaiGrid.answer(page(rows + "," + named(MODELS_MAX) + "," + named(MODELS_MAX + 1), "{}"));
        assertThat(read().leftOut()).isEqualTo(2);
        assertThat(read().models()).hasSize(MODELS_MAX);
    }

    @Test
    void pagesWithoutEnd_endAtTheirLimit() {
        scaiGrid.answer(request -> page(GOOD, "{\"has_more\": true, \"next_cursor\": \"" + request + "\"}"));
        assertAway();
        assertThat(scaiGrid.paths()).hasSize(PAGES_MAX);
    }

    @Test
    void allPagesTogether_areBoundedInBytes() {
        String padding = "\"p\": \"" + "x".repeat(BYTES_MAX / 3) + "\"";
        scaiGrid.answer(
                request -> page("{" + padding + "}", "{\"has_more\": true, \"next_cursor\": \"" + request + "\"}"));
        assertAway();
        assertThat(scaiGrid.paths()).hasSize(3);
    }

    @Test
    void allPagesTogether_areBoundedInTime() {
        scaiGrid.answer(request -> {
            Answers.sleep(400);
            return page(GOOD, "{\"has_more\": true, \"next_cursor\": \"" + request + "\"}");
        });
        assertAway();
        assertThat(scaiGrid.paths()).hasSizeLessThan(10);
    }

    /** Else the tenant's key would be sent to whatever host the redirect names. */
    @Test
    void aRedirect_isNotFollowed() {
        try (Answers elsewhere = Answers.start()) {
            elsewhere.answer(page(GOOD));
            scaiGrid.redirect(elsewhere.url() + "/v1/models");
            assertAway();
            assertThat(elsewhere.paths()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not JSON",
                "[]",
                "null",
                "{}",
                "{\"data\": 5}",
                "{\"data\": {\"items\": null}}",
                "{\"data\": {\"items\": {}}}",
                "{\"data\": {\"items\": []"
            })
    void aPageThatIsNone_isScaiGridAway(String body) {
        scaiGrid.answer(body);
        assertAway();
        assertThat(logged())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(500).doesNotContain("\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "5", "{}", "{\"has_more\": \"yes\"}", "{\"has_more\": true, \"next_cursor\": 5}"})
    void paginationThatSaysNothing_isTheEnd(String pagination) {
        scaiGrid.answer(page(GOOD, pagination));
        assertThat(read().models()).hasSize(1);
        assertThat(scaiGrid.paths()).hasSize(1);
    }
}
