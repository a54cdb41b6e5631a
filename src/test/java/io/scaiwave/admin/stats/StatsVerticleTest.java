package io.scaiwave.admin.stats;

import static io.scaiwave.admin.stats.ActivityFeed.event;
import static io.scaiwave.admin.stats.ActivityFeed.room;
import static io.scaiwave.admin.stats.ActivityFeed.storage;
import static io.scaiwave.admin.stats.ActivityFeed.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.Sql;
import io.scaiwave.admin.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsVerticleTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final ActivityFeed FEED =
            new ActivityFeed(SERVER.platform().kafka().bootstrapServers());
    private static final String NO_TYPES =
            "{\"group\":0,\"dm\":0,\"incognito\":0,\"sidekick\":0,\"public\":0,\"bridge\":0}";

    private final TestServer.Tenant tenant = SERVER.newTenant();

    @AfterAll
    static void stop() {
        FEED.close();
    }

    private String of(String type, String data) {
        return event(type, tenant.id, data);
    }

    /** The statistics once all of these are counted or set aside. */
    private JsonNode after(String... events) {
        counted(SERVER, FEED.sendAll(tenant.id, Arrays.asList(events)));
        return stats();
    }

    static void counted(TestServer server, RecordMetadata last) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Sql.texts(
                                server,
                                "SELECT next_offset FROM activity_offsets WHERE topic = ? AND partition = ?",
                                last.topic(),
                                last.partition())
                        .stream()
                        .anyMatch(next -> Long.parseLong(next) > last.offset()));
    }

    private JsonNode stats() {
        return tenant.admin.get("/v1/admin/stats").expect(200).data();
    }

    private ConsumerRecord<String, String> deadLetter(String value) {
        return FEED.deadLetters().stream()
                .filter(letter -> letter.value().equals(value) && letter.key().equals(tenant.id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not set aside: " + value));
    }

    @Test
    void get_ofAFreshTenantIsAllZeros() {
        JsonNode stats = stats();
        assertThat(stats.path("rooms")).hasToString("{\"total\":0,\"by_type\":" + NO_TYPES + "}");
        assertThat(stats.path("participants"))
                .hasToString("{\"total\":0,\"by_type\":{\"human\":0,\"model\":0,\"agent\":0,\"helper\":0,"
                        + "\"bridge\":0,\"federated\":0},\"limit\":null}");
        assertThat(stats.path("ai_usage"))
                .hasToString(
                        "{\"period\":\"%s\",\"requests\":0,\"input_tokens\":0,\"output_tokens\":0,".formatted(month(0))
                                + "\"total_tokens\":0,\"limit\":null,\"by_model\":{}}");
        assertThat(stats.path("storage")).hasToString("{\"used_bytes\":0,\"file_count\":0,\"limit\":null}");
    }

    @Test
    void get_showsTheTenantsLimits() {
        JsonNode stats = tenant.partner
                .newTenant(
                        ", \"limits\": {\"max_participants\": 7, \"max_storage_bytes\": 8, \"ai_tokens_monthly\": 9}")
                .admin
                .get("/v1/admin/stats")
                .expect(200)
                .data();
        assertThat(stats.at("/participants/limit").asInt()).isEqualTo(7);
        assertThat(stats.at("/storage/limit").asInt()).isEqualTo(8);
        assertThat(stats.at("/ai_usage/limit").asInt()).isEqualTo(9);
    }

    @Test
    void get_countsEachTypeOfEvent() {
        JsonNode stats = after(
                of("room.created", room("group")),
                of("room.created", room("group")),
                of("room.created", room("dm")),
                of("room.created", room("incognito")),
                of("room.created", room("sidekick")),
                of("room.created", room("public")),
                of("room.created", room("bridge")),
                of("room.closed", room("dm")),
                of("ai.used", usage("scailar-pro", 100, 10)),
                of("ai.used", usage("scailar-pro", 1, 0)),
                of("ai.used", usage("acme/legal-7b", 5, 6)),
                of("storage.changed", storage(1000, 3)),
                of("storage.changed", storage(-400, -1)));
        assertThat(stats.path("rooms"))
                .hasToString(
                        "{\"total\":6,\"by_type\":{\"group\":2,\"dm\":0,\"incognito\":1,\"sidekick\":1,\"public\":1,\"bridge\":1}}");
        assertThat(stats.path("ai_usage"))
                .hasToString(
                        "{\"period\":\"%s\",\"requests\":3,\"input_tokens\":106,\"output_tokens\":16,"
                                        .formatted(month(0))
                                + "\"total_tokens\":122,\"limit\":null,\"by_model\":{"
                                + "\"acme/legal-7b\":{\"requests\":1,\"input_tokens\":5,\"output_tokens\":6,\"total_tokens\":11},"
                                + "\"scailar-pro\":{\"requests\":2,\"input_tokens\":101,\"output_tokens\":10,\"total_tokens\":111}}}");
        assertThat(stats.path("storage")).hasToString("{\"used_bytes\":600,\"file_count\":2,\"limit\":null}");
    }

    @Test
    void get_countsARepeatOnceAndTheSameIdOfAnotherSourceAgain() {
        String event = of("storage.changed", storage(10, 1));
        after(event, event);
        assertThat(after(event).at("/storage/used_bytes").asInt()).isEqualTo(10);
        assertThat(after(event.replace("/rooms", "/drive"))
                        .at("/storage/used_bytes")
                        .asInt())
                .isEqualTo(20);
    }

    @Test
    void get_isNeverBelowZeroAndRightInTheEndInWhateverOrder() {
        JsonNode stats = after(of("room.closed", room("dm")), of("storage.changed", storage(-5, -1)));
        assertThat(stats.at("/rooms/total").asInt()).isZero();
        assertThat(stats.at("/storage/used_bytes").asInt()).isZero();
        stats = after(
                of("room.created", room("dm")), of("room.created", room("dm")), of("storage.changed", storage(7, 2)));
        assertThat(stats.at("/rooms/by_type/dm").asInt()).isEqualTo(1);
        assertThat(stats.path("storage")).hasToString("{\"used_bytes\":2,\"file_count\":1,\"limit\":null}");
    }

    @Test
    void get_countsAiUseInTheMonthOfTheEventInUtc() {
        String firstDay = YearMonth.now(ZoneOffset.UTC).atDay(1).toString();
        JsonNode stats = after(
                used(month(1) + "-01T00:00:00Z", 1000),
                used(month(-1) + "-28T23:00:00Z", 1000),
                used(firstDay + "T00:00:00.000Z", 1),
                used(firstDay + "T01:00:00+02:00", 1000),
                of("ai.used", usage("m", 2, 0)).replaceAll("\"time\": \"[^\"]*\", ", ""));
        assertThat(stats.at("/ai_usage/input_tokens").asInt()).isEqualTo(3);
        assertThat(Sql.texts(
                        SERVER,
                        "SELECT value FROM totals WHERE tenant_id = ?::uuid AND period = ? AND metric = 'ai_input_tokens'",
                        tenant.id,
                        month(-1)))
                .containsExactly("2000");
    }

    private String used(String time, long tokens) {
        return event("ai.used", tenant.id, UUID.randomUUID().toString(), time, usage("m", tokens, 0));
    }

    private static String month(int later) {
        return YearMonth.now(ZoneOffset.UTC).plusMonths(later).toString();
    }

    @Test
    void get_saysUpToWhenEverythingIsCounted() {
        after(of("room.created", room("dm")));
        Instant now = Instant.now();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> OffsetDateTime.parse(stats().path("as_of").asText())
                        .toInstant()
                        .isAfter(now));
        assertThat(OffsetDateTime.parse(stats().path("as_of").asText()).toInstant())
                .isBefore(Instant.now());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "io.scaiwave.room.created"   | "io.scaiwave.room.painted"  | type
        "specversion": "1.0"         | "specversion": "0.3"        | specversion
        "id": "                      | "id": 5, "was": "           | id
        "source"                     | "origin"                    | source
        "tenantid": "                | "tenantid": "x              | tenantid
        "tenantid"                   | "tenant"                    | tenantid
        "group"                      | "cellar"                    | data.room_type
        "room_id": "r",              | ''                          | data.room_id
        "data": {                    | "payload": {                | data
        "time": "                    | "time": "about              | time
        }}                           | }                           | the value is not a JSON object
        }}                           | }} {}                       | the value is not a JSON object
        "data"                       | "id": "twice", "data"       | the value is not a JSON object
        """)
    void anEventThatCannotBeRead_isSetAsideWithTheReason(String part, String changed, String reason) {
        String broken = of("room.created", room("group")).replace(part, changed);
        assertBroken(broken, reason);
    }

    @ParameterizedTest
    @CsvSource({
        "ai.used, '{\"model\": \"m\", \"input_tokens\": -1, \"output_tokens\": 0}', data.input_tokens",
        "ai.used, '{\"model\": \"m\", \"input_tokens\": 1.5, \"output_tokens\": 0}', data.input_tokens",
        "ai.used, '{\"model\": \"m\", \"input_tokens\": \"1\", \"output_tokens\": 0}', data.input_tokens",
        "ai.used, '{\"model\": \"m\", \"input_tokens\": 1}', data.output_tokens",
        "ai.used, '{\"model\": \"m\", \"input_tokens\": 1, \"output_tokens\": 99999999999999999999}', data.output_tokens",
        "ai.used, '{\"model\": \"/m\", \"input_tokens\": 1, \"output_tokens\": 1}', data.model",
        "storage.changed, '{\"bytes_delta\": 1}', data.files_delta",
        "storage.changed, '{\"bytes_delta\": 9007199254740991, \"files_delta\": 1}', data.bytes_delta",
        "storage.changed, '[]', data",
        "participant.joined, '{\"id\": \"1\"}', data.id"
    })
    void dataThatIsWrong_isSetAsideWithTheReason(String type, String data, String reason) {
        assertBroken(of(type, data), reason);
    }

    private void assertBroken(String broken, String reason) {
        JsonNode stats = after(of("room.created", room("dm")), broken, of("room.created", room("dm")));
        assertThat(stats.path("rooms").path("total").asInt()).isEqualTo(2);
        assertThat(stats.at("/ai_usage/requests").asInt()
                        + stats.at("/storage/used_bytes").asInt())
                .isZero();
        ConsumerRecord<String, String> letter = deadLetter(broken);
        assertThat(ActivityFeed.header(letter, "reason")).startsWith(reason).doesNotContain("Exception");
        assertThat(ActivityFeed.header(letter, "topic")).isEqualTo(ActivityFeed.TOPIC);
        assertThat(ActivityFeed.header(letter, "origin")).isEqualTo("feed");
    }

    @Test
    void anEventOfAnUnknownTenant_isSetAsideWithItsPlaceAndCounted() {
        double before = deadLettersCounted();
        String stray = event("room.created", UUID.randomUUID().toString(), room("dm"));
        RecordMetadata place = FEED.sendAll(tenant.id, List.of(stray));
        counted(SERVER, place);
        ConsumerRecord<String, String> letter = deadLetter(stray);
        assertThat(ActivityFeed.header(letter, "reason")).isEqualTo("tenantid is no tenant's");
        assertThat(ActivityFeed.header(letter, "partition")).isEqualTo(Integer.toString(place.partition()));
        assertThat(ActivityFeed.header(letter, "offset")).isEqualTo(Long.toString(place.offset()));
        assertThat(deadLettersCounted()).isEqualTo(before + 1);
    }

    private static double deadLettersCounted() {
        String url = "http://127.0.0.1:" + SERVER.port() + "/metrics";
        try (var in = java.net.URI.create(url).toURL().openStream()) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("activity_dead_letters_total "))
                    .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                    .sum();
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
