package io.scaiwave.admin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.AsyncApi;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The trace context of a request reaches the consumers of its entry, and is no part of the entry. */
class TraceParentTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private static final List<String> MALFORMED = List.of(
            "",
            "x",
            SENT + "-00",
            SENT.toUpperCase(Locale.ROOT),
            SENT.replace("00-4", "01-4"),
            SENT.replace(TRACE, "0".repeat(32)),
            SENT.replace("00f067aa0ba902b7", "0".repeat(16)),
            SENT.replace('b', 'g'));

    private static final Duration AT_MOST = Duration.ofSeconds(20);

    private static List<AuditTopic.Event> events(TestServer.Tenant tenant, int count) {
        return AuditTopic.read(SERVER.platform().kafka().bootstrapServers(), tenant.chain, count, AT_MOST);
    }

    @Test
    void traceparent_goesWithTheEvent_andNotIntoTheEntry() {
        TestServer.Tenant tenant = SERVER.newTenant();
        TestServer.change(tenant.admin.with("traceparent", SENT), "traced").expect(200);
        tenant.change("untraced").expect(200);
        JsonNode entries = tenant.admin
                .get("/v1/admin/audit?action=ai_config.update")
                .expect(200)
                .data();
        List<AuditTopic.Event> events = events(tenant, 2);
        assertThat(events).hasSize(2);
        JsonNode traced = events.get(0).value();
        assertThat(traced.path("traceparent").asText()).isEqualTo(SENT);
        assertThat(AsyncApi.published().undescribed(traced.path("type").asText(), traced))
                .isEmpty();
        assertThat(events.get(1).value().has("traceparent")).isFalse();
        assertThat(entries.toString() + traced.path("data")).doesNotContain(TRACE);
    }

    @Test
    void traceparent_thatIsMalformedIsNone() {
        TestServer.Tenant tenant = SERVER.newTenant();
        for (String malformed : MALFORMED) {
            TestServer.change(tenant.admin.with("traceparent", malformed), "m" + MALFORMED.indexOf(malformed))
                    .expect(200);
        }
        List<AuditTopic.Event> events = events(tenant, MALFORMED.size());
        assertThat(events).hasSize(MALFORMED.size());
        assertThat(events).noneMatch(event -> event.value().has("traceparent"));
    }
}
