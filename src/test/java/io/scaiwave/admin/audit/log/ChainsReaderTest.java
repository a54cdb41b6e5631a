package io.scaiwave.admin.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.EventStream;
import io.scaiwave.admin.testing.LogRows;
import io.scaiwave.admin.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainsReaderTest {
    private static final int ENTRIES = 2_500;

    private final TestServer server = TestServer.mistreated();
    private final TestServer.Partner partner = server.newPartner();
    private final TestServer.Partner below = partner.newPartner("");

    /** Of few chains each is read alone; of many, all that the caller reaches is read in order. */
    @ParameterizedTest
    @CsvSource({"partner_admin,20", "partner_admin,400", "super_admin,400"})
    void stream_resumesOverManyChains_inOrderAndWithoutLoss(String role, int chains) {
        String resource = TestServer.unique("turns");
        List<String> ids = LogRows.addInTurn(
                server,
                resource,
                Stream.generate(() -> "tenant:" + UUID.randomUUID())
                        .limit(chains)
                        .toArray(String[]::new),
                new String[] {partner.id, below.id},
                ENTRIES);
        Map<String, Object> claims =
                Map.of("sub", TestServer.unique("follower"), "role", role, "partner_id", partner.scaiKeyId);
        try (EventStream stream = new EventStream(
                server.port(),
                "/v1/admin/audit?resource_id=" + resource,
                Map.of(
                        "Authorization",
                        "Bearer " + server.platform().scaiKey().es256Token(claims),
                        "Last-Event-ID",
                        ids.get(0)))) {
            List<String> seen = new ArrayList<>();
            while (!seen.contains(ids.get(ENTRIES - 1))) {
                seen.add(stream.event().path("id").asText());
            }
            assertThat(seen).isEqualTo(ids.subList(1, ENTRIES));
        }
    }
}
