package io.scaiwave.admin.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.db.UuidV7;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.EventStream;
import io.scaiwave.admin.testing.LogRows;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTailTest {
    private static final String AUDIT = "/v1/admin/audit";
    private static final long SECOND_MS = 1_000;
    private static final long QUIET_MS = 700;
    private static final long HEARTBEAT_MS = 1_000;

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();

    /** A stream begins with what is logged from then on: also with the tenant itself, if it is on its way to the log. */
    @BeforeEach
    void settle() {
        server.settle();
    }

    private EventStream follow(String query, Map<String, String> claims, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        Map<String, Object> identity = new HashMap<>(Map.of("sub", TestServer.unique("follower")));
        identity.putAll(claims);
        all.put("Authorization", "Bearer " + server.platform().scaiKey().es256Token(identity));
        return new EventStream(server.port(), AUDIT + query, all);
    }

    private EventStream followTenant(String query, Map<String, String> headers) {
        return follow(query, Map.of("role", "tenant_admin", "tenant_id", tenant.scaiKeyId), headers);
    }

    private EventStream followFleet(Map<String, String> headers) {
        return follow("", Map.of("role", "partner_admin", "partner_id", tenant.partner.scaiKeyId), headers);
    }

    private void change() {
        tenant.change(TestServer.unique("t")).expect(200);
    }

    private static List<JsonNode> events(EventStream stream, int count) {
        List<JsonNode> events = new ArrayList<>();
        while (events.size() < count) {
            events.add(stream.event());
        }
        return events;
    }

    @Test
    void stream_beginsNowAndShowsEachChangeWithinASecond() {
        change();
        server.settle();
        try (EventStream stream = followTenant("", Map.of())) {
            assertThat(stream.response().statusCode()).isEqualTo(200);
            assertThat(stream.response().headers().firstValue("content-type")).hasValue("text/event-stream");
            assertThat(stream.response().headers().firstValue("cache-control")).hasValue("private, no-cache");
            assertThat(stream.response().headers().firstValue("x-accel-buffering"))
                    .hasValue("no");
            EventStream.Block first = stream.next(SECOND_MS);
            assertThat(first.field("retry")).isEqualTo("2000");
            assertThat(first.field("id")).hasSize(36);
            assertThat(stream.event().path("action").asText()).isEqualTo("audit.export");
            long before = System.nanoTime();
            change();
            EventStream.Block block = stream.next(SECOND_MS);
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before))
                    .isLessThan(SECOND_MS);
            JsonNode listed =
                    tenant.admin.get(AUDIT + "?limit=1").expect(200).data().get(0);
            assertThat(block.lines()).hasSize(3);
            assertThat(block.field("event")).isEqualTo("audit");
            assertThat(block.entry()).isEqualTo(listed);
            assertThat(block.field("id")).isEqualTo(listed.path("id").asText());
        }
    }

    @Test
    void stream_isNotCompressed() {
        try (EventStream stream = followTenant("", Map.of("Accept-Encoding", "gzip"))) {
            assertThat(stream.next(SECOND_MS).field("retry")).isEqualTo("2000");
        }
    }

    @Test
    void stream_goesOnAfterTheLastEventId() {
        String last;
        try (EventStream stream = followTenant("", Map.of())) {
            stream.event();
            change();
            last = stream.event().path("id").asText();
        }
        change();
        change();
        try (EventStream stream = followTenant("?action=ai_config.update", Map.of("Last-Event-ID", last))) {
            assertThat(events(stream, 2))
                    .extracting(entry -> entry.path("seq").asInt())
                    .containsExactly(3, 4);
            change();
            assertThat(stream.event().path("action").asText()).isEqualTo("ai_config.update");
        }
    }

    @Test
    void stream_losesNothingBetweenTwoConnectionsThatSawNoEvent() {
        String place;
        try (EventStream stream = followTenant("?action=ai_config.update", Map.of())) {
            place = stream.next(SECOND_MS).field("id");
        }
        change();
        try (EventStream stream = followTenant("?action=ai_config.update", Map.of("Last-Event-ID", place))) {
            assertThat(stream.event().path("seq").asInt()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "01a207af-0c05-4f1a-8c3d-0b9e52d4a671", "''"})
    void stream_refusesAnEventIdThatIsNone(String id) {
        Api.Reply reply = tenant.admin
                .with("Accept", "text/event-stream")
                .with("Last-Event-ID", id)
                .get(AUDIT)
                .expect(422, "SW_VALIDATION_FAILED");
        assertThat(reply.fields()).containsOnly("Last-Event-ID");
    }

    /** Forged, or of a clock that was wrong: behind it nothing would come, perhaps for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"ffffffff-ffff-7fff-bfff-ffffffffffff", "7fffffff-0000-7000-8000-000000000000"})
    void stream_refusesAnEventIdOfTheFuture(String id) {
        for (Api reader : List.of(tenant.admin, tenant.partner.admin, server.superAdmin())) {
            Api.Reply reply = reader.with("Accept", "text/event-stream")
                    .with("Last-Event-ID", id)
                    .get(AUDIT)
                    .expect(422, "SW_VALIDATION_FAILED");
            assertThat(reply.fields()).containsOnly("Last-Event-ID");
        }
    }

    /** As after a restore: the reader has seen more than the log has now. */
    @Test
    void stream_behindTheHead_showsWhatComesFromThenOn() {
        try (EventStream stream =
                followTenant("", Map.of("Last-Event-ID", UuidV7.next().toString()))) {
            Wait.pause(5);
            change();
            assertThat(events(stream, 2))
                    .extracting(entry -> entry.path("action").asText())
                    .containsExactly("audit.export", "ai_config.update");
        }
    }

    /** A chain whose ids are ahead, from a time when a clock was wrong, can be followed all the same. */
    @Test
    void stream_goesOnAfterAnEntryOfTheFuture() {
        String chain = "partner:" + UUID.randomUUID();
        UUID ahead = UuidV7.after(UuidV7.NIL, System.currentTimeMillis() + 10 * 60 * SECOND_MS);
        LogRows.addFirst(server, chain, ahead, tenant.partner.id);
        try (EventStream stream = followFleet(Map.of("Last-Event-ID", ahead.toString()))) {
            assertThat(stream.response().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void list_withACursorBeyondTheHead_beginsWithTheNewest() {
        change();
        server.settle();
        String cursor = Cursor.encoded(UUID.fromString("ffffffff-ffff-7fff-bfff-ffffffffffff"));
        assertThat(tenant.admin.get(AUDIT + "?cursor=" + cursor).expect(200).data())
                .isEqualTo(tenant.admin.get(AUDIT).expect(200).data());
    }

    @Test
    void stream_ofAFleetShowsItsChainsAndNoOthers() {
        try (EventStream stream = followFleet(Map.of())) {
            assertThat(stream.event().path("chain").asText()).isEqualTo("partner:" + tenant.partner.id);
            server.newTenant().admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
            change();
            assertThat(stream.event().path("chain").asText()).isEqualTo("tenant:" + tenant.id);
        }
    }

    /** An id is made before its commit: another chain may show a greater one first. */
    @Test
    void stream_ofAFleetShowsALateCommitterOfAnotherChain() {
        String early = "partner:" + UUID.randomUUID();
        String late = "partner:" + UUID.randomUUID();
        UUID lateId = UuidV7.next();
        Wait.pause(5);
        UUID earlyId = UuidV7.next();
        try (EventStream stream = followFleet(Map.of())) {
            stream.event();
            LogRows.addFirst(server, early, earlyId, tenant.partner.id);
            assertThat(stream.event().path("id").asText()).isEqualTo(earlyId.toString());
            LogRows.addFirst(server, late, lateId, tenant.partner.id);
            assertThat(stream.event().path("id").asText()).isEqualTo(lateId.toString());
            assertThat(stream.next(QUIET_MS)).as("no entry comes twice").isNull();
        }
        try (EventStream stream = followFleet(Map.of("Last-Event-ID", earlyId.toString()))) {
            List<String> repeated = new ArrayList<>();
            while (!repeated.contains(lateId.toString())) {
                repeated.add(stream.event().path("id").asText());
            }
            assertThat(repeated).as("of its own chain nothing comes again").doesNotContain(earlyId.toString());
        }
    }

    @Test
    void stream_isAliveWhileSilent_andEndsWithItsToken() {
        try (TestServer node = server.beside(Map.of("SCAIWAVE_AUDIT_HEARTBEAT_MS", Long.toString(HEARTBEAT_MS)))) {
            long expires = Instant.now().plusMillis(5 * SECOND_MS).getEpochSecond();
            Map<String, Object> claims =
                    Map.of("sub", "short", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId, "exp", expires);
            String token = server.platform().scaiKey().es256Token(claims);
            assertIsAliveUntil(expires, node.port(), token);
        }
    }

    private static void assertIsAliveUntil(long expires, int port, String token) {
        long patience = HEARTBEAT_MS + 2 * SECOND_MS;
        try (EventStream stream =
                new EventStream(port, AUDIT + "?action=none", Map.of("Authorization", "Bearer " + token))) {
            assertThat(stream.next(patience).field("retry")).isNotNull();
            assertThat(stream.next(patience).lines().get(0)).isEqualTo(": keep-alive");
            for (List<String> lines = stream.next(patience).lines();
                    !lines.isEmpty();
                    lines = stream.next(patience).lines()) {
                assertThat(lines.get(0)).isEqualTo(": keep-alive");
            }
            assertThat(stream.cutOff()).isFalse();
            assertThat(Instant.now()).isBetween(Instant.ofEpochSecond(expires), Instant.ofEpochSecond(expires + 2));
        }
    }

    @Test
    void streams_ofOneTenantAreBounded_andAPlaceIsGivenBack() {
        List<EventStream> open = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            open.add(followTenant("", Map.of()));
            assertThat(open.get(i).response().statusCode()).isEqualTo(200);
        }
        try (EventStream refused = followTenant("", Map.of())) {
            assertThat(refused.response().statusCode()).isEqualTo(429);
            assertThat(refused.response().headers().firstValue("retry-after")).hasValue("5");
        }
        open.remove(0).close();
        Wait.soon(() -> {
            try (EventStream again = followTenant("", Map.of())) {
                return again.response().statusCode() == 200;
            }
        });
        open.forEach(EventStream::close);
    }
}
