package io.scaiwave.admin.audit.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A database that was set back to an older state: its chains are not forked. */
class ForksTest {
    private static final int LATER = 20;
    private static final long ENOUGH_MS = 2_000;

    private final TestServer server = TestServer.mistreated();

    /** As a backup from before the later changes would have it. */
    private void restore(TestServer.Tenant tenant) {
        Sql.change(server, """
                DO $$ BEGIN
                    PERFORM set_config('session_replication_role', 'replica', true);
                    DELETE FROM audit_log WHERE chain = '%s' AND seq > 1;
                END $$""".formatted(tenant.chain));
        Sql.change(server, """
                UPDATE audit_chain c SET seq = l.seq, hash = l.hash, last_id = l.id, last_at = l.created_at
                FROM audit_log l WHERE l.chain = '%1$s' AND l.seq = 1 AND c.chain = '%1$s'
                """.formatted(tenant.chain));
        Sql.change(server, "DELETE FROM audit_checkpoints WHERE chain = '%s'".formatted(tenant.chain));
    }

    private List<String> log(TestServer.Tenant tenant) {
        return Sql.texts(server, "SELECT seq FROM audit_log WHERE chain = '%s' ORDER BY seq".formatted(tenant.chain));
    }

    /** By the port of the server that runs now. */
    private Api admin(TestServer.Tenant tenant) {
        return server.as(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
    }

    private String trouble() {
        for (JsonNode check : server.anonymous().get("/health").body().path("checks")) {
            if (check.path("id").asText().equals("audit")) {
                return check.at("/data/problems").toString();
            }
        }
        return "";
    }

    @Test
    void aRestoredChain_isNotForked_andTheOthersGoOn() {
        TestServer.Tenant restored = server.newTenant();
        TestServer.Tenant other = server.newTenant();
        restored.changes(1 + LATER);
        Wait.soon(() -> Sql.texts(server, """
                SELECT seq FROM audit_checkpoints WHERE published AND chain = '%s'""".formatted(restored.chain)).equals(List.of(Integer.toString(1 + LATER))));
        server.restart(() -> restore(restored));
        TestServer.change(admin(restored), "after the restore").expect(200);
        TestServer.change(admin(other), "one").expect(200);
        Wait.soon(() -> log(other).size() == 1);
        Wait.pause(ENOUGH_MS);
        assertThat(log(restored)).containsExactly("1");
        assertThat(trouble()).contains("restored");
        assertThat(Sql.texts(server, "SELECT seq FROM audit_checkpoints WHERE chain = '%s'".formatted(restored.chain)))
                .isEmpty();
        // What others wait for is an empty outbox.
        Sql.change(server, "DELETE FROM audit_outbox WHERE chain = '%s'".formatted(restored.chain));
    }
}
