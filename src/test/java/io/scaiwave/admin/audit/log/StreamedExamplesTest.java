package io.scaiwave.admin.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.EntryColumns;
import io.scaiwave.admin.json.JsonText;
import io.scaiwave.admin.testing.AsyncApi;
import io.scaiwave.admin.testing.EventStream;
import io.scaiwave.admin.testing.TestServer;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract's examples of exports and of the live stream are what the server writes. */
class StreamedExamplesTest {
    private static final JsonNode CONTENT =
            AsyncApi.yaml("openapi.yaml").at("/paths/~1v1~1admin~1audit/get/responses/200/content");
    private static final JsonNode ENTRY = CONTENT.path("application/json").at("/examples/chain/value/data/1");
    private static final Pattern ID = Pattern.compile("^id: [0-9a-f-]{36}$");
    private static final long WAIT_MS = 10_000;
    private static final int BLOCKS_MAX = 10;

    private record Columns(JsonNode entry) implements EntryColumns {
        @Override
        public String text(String column) {
            return entry.path(column).textValue();
        }

        @Override
        public String textOrNull(String column) {
            return text(column);
        }

        @Override
        public UUID uuid(String column) {
            return UUID.fromString(text(column));
        }

        @Override
        public UUID uuidOrNull(String column) {
            return uuid(column);
        }

        @Override
        public long number(String column) {
            return entry.path(column).longValue();
        }

        @Override
        public OffsetDateTime time(String column) {
            return OffsetDateTime.parse(text(column));
        }

        @Override
        public JsonText json(String column) {
            return new JsonText(entry.path(column).toString());
        }
    }

    private static String shown(String mediaType, String name) {
        return CONTENT.path(mediaType).at("/examples/" + name + "/value").textValue();
    }

    @ParameterizedTest
    @EnumSource
    void export_isWrittenAsShown(ExportFormat format) {
        String written = format.head() + "" + format.lines(List.of(AuditEntry.of(new Columns(ENTRY))));
        // A block of YAML has no CR.
        assertThat(written.replace("\r\n", "\n")).isEqualTo(shown(format.mediaType, "chain"));
    }

    @Test
    void liveStream_isWrittenAsShown() {
        String example = shown("text/event-stream", "live");
        Set<String> kinds = Stream.of(example.split("\n\n"))
                .map(block -> kind(block.lines()))
                .collect(Collectors.toSet());
        try (TestServer node = TestServer.shared().beside(Map.of("SCAIWAVE_AUDIT_HEARTBEAT_MS", "1000"))) {
            assertThat(kindsSent(node, kinds.size())).isEqualTo(kinds);
        }
        assertThat(example).contains("\ndata: " + ENTRY + "\n");
    }

    private static Set<String> kindsSent(TestServer node, int count) {
        TestServer.Tenant tenant = node.newTenant();
        Map<String, Object> claims = Map.of("sub", "follower", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId);
        String token = node.platform().scaiKey().es256Token(claims);
        Set<String> kinds = new HashSet<>();
        try (EventStream stream = new EventStream(
                node.port(), "/v1/admin/audit?action=ai_config.update", Map.of("Authorization", "Bearer " + token))) {
            kinds.add(kind(stream.next(WAIT_MS).lines().stream()));
            tenant.change(TestServer.unique("t")).expect(200);
            for (int i = 0; i < BLOCKS_MAX && kinds.size() < count; i++) {
                kinds.add(kind(stream.next(WAIT_MS).lines().stream()));
            }
        }
        return kinds;
    }

    /** What all blocks of a kind have in common. */
    private static String kind(Stream<String> lines) {
        return lines.map(line -> ID.matcher(line).replaceFirst("id: …"))
                .map(line -> line.startsWith("data: ") ? "data: …" : line)
                .collect(Collectors.joining("\n"));
    }
}
