package io.scaiwave.admin.stats;

import static io.scaiwave.admin.stats.ActivityFeed.event;
import static io.scaiwave.admin.stats.ActivityFeed.room;
import static io.scaiwave.admin.stats.ActivityFeed.storage;
import static io.scaiwave.admin.stats.ActivityFeed.usage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.UUID;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

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
        Wait.soon(() -> Sql.texts(
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
        Wait.soon(() ->
                OffsetDateTime.parse(stats().path("as_of").asText()).toInstant().isAfter(now));
        assertThat(OffsetDateTime.parse(stats().path("as_of").asText()).toInstant())
                .isBefore(Instant.now());
    }
}
