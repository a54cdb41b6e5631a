package io.scaiwave.admin.stats;

import static io.scaiwave.admin.stats.ActivityFeed.event;
import static io.scaiwave.admin.stats.ActivityFeed.room;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of activity that cannot be counted. */
class DeadLettersTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final ActivityFeed FEED =
            new ActivityFeed(SERVER.platform().kafka().bootstrapServers());

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
        StatsVerticleTest.counted(SERVER, FEED.sendAll(tenant.id, Arrays.asList(events)));
        return tenant.admin.get("/v1/admin/stats").expect(200).data();
    }

    private ConsumerRecord<String, String> deadLetter(String value) {
        return FEED.deadLetters().stream()
                .filter(letter -> value.equals(letter.value()) && tenant.id.equals(letter.key()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not set aside: " + value));
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
        "ai.used, '{\"model\": \"a/../b\", \"input_tokens\": 1, \"output_tokens\": 1}', data.model",
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

    /** PostgreSQL may quote the event in what it has against it. */
    @Test
    void theReason_isOneLineAndNotAtAnyLength() {
        Received record = Received.of(new ConsumerRecord<>("t", 0, 0, null, "{}".getBytes(StandardCharsets.UTF_8)));
        String reason = record.refused("no\r\n12:00:00.000 INFO forged\u202e" + "x".repeat(5_000))
                .refusal();
        assertThat(reason).startsWith("no\\u000d\\u000a12").hasSizeLessThan(400);
    }

    @Test
    void anEventOfAnUnknownTenant_isSetAsideWithItsPlaceAndCounted() {
        double before = SERVER.metric("activity_dead_letters_total");
        String stray = event("room.created", UUID.randomUUID().toString(), room("dm"));
        RecordMetadata place = FEED.sendAll(tenant.id, List.of(stray));
        StatsVerticleTest.counted(SERVER, place);
        ConsumerRecord<String, String> letter = deadLetter(stray);
        assertThat(ActivityFeed.header(letter, "reason")).isEqualTo("tenantid is no tenant's");
        assertThat(ActivityFeed.header(letter, "partition")).isEqualTo(Integer.toString(place.partition()));
        assertThat(ActivityFeed.header(letter, "offset")).isEqualTo(Long.toString(place.offset()));
        assertThat(SERVER.metric("activity_dead_letters_total")).isEqualTo(before + 1);
    }
}
