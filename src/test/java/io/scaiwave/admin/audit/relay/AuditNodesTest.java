package io.scaiwave.admin.audit.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.ServerProcess;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several nodes drain one outbox: each its share of the shards, and what a node leaves the others take. */
class AuditNodesTest {
    private static final int TENANTS = 12;

    private final TestServer server = TestServer.mistreated();

    /** How many shards each session holds, fewest first. */
    private List<String> shares() {
        return Sql.texts(server, """
                SELECT count(*) FROM pg_locks
                WHERE locktype = 'advisory' AND objsubid = 2 AND objid < 16 AND granted GROUP BY pid ORDER BY 1
                """);
    }

    private void awaitShares(String... shares) {
        Wait.soonAsserted(() -> assertThat(shares()).containsExactly(shares));
    }

    private Api on(ServerProcess node, TestServer.Tenant tenant) {
        Map<String, Object> claims = Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId);
        return node.api(
                Map.of("Authorization", "Bearer " + server.platform().scaiKey().es256Token(claims)));
    }

    private static void assertChained(TestServer.Tenant tenant, int entries) {
        JsonNode log = tenant.admin.get("/v1/admin/audit").expect(200).data();
        assertThat(log.findValuesAsText("seq"))
                .containsExactlyElementsOf(IntStream.range(0, entries)
                        .mapToObj(i -> Integer.toString(entries - i))
                        .toList());
        for (int i = 0; i + 1 < entries; i++) {
            assertThat(log.get(i).path("prev_hash")).isEqualTo(log.get(i + 1).path("hash"));
        }
    }

    @Test
    void nodes_shareTheShardsAndTakeThoseOfOneThatIsGone() {
        List<TestServer.Tenant> tenants =
                IntStream.range(0, TENANTS).mapToObj(i -> server.newTenant()).toList();
        awaitShares("16");
        try (ServerProcess second = ServerProcess.start(server.platform().environment())) {
            awaitShares("8", "8");
            for (TestServer.Tenant tenant : tenants) {
                tenant.change("one").expect(200);
                TestServer.change(on(second, tenant), "two").expect(200);
            }
            server.settle();
            tenants.forEach(tenant -> assertChained(tenant, 2));
            second.kill();
        }
        awaitShares("16");
        tenants.forEach(tenant -> tenant.change("three").expect(200));
        server.settle();
        tenants.forEach(tenant -> assertChained(tenant, 3));
    }

    @Test
    void aNodeThatStandsStillPastItsLease_forksNothingWhenItWakes() {
        List<TestServer.Tenant> tenants =
                IntStream.range(0, TENANTS).mapToObj(i -> server.newTenant()).toList();
        Map<String, String> settings = server.platform().environment();
        settings.put("SCAIWAVE_DB_LEASE_MS", "1000");
        try (ServerProcess second = ServerProcess.start(settings)) {
            awaitShares("8", "8");
            tenants.forEach(
                    tenant -> TestServer.change(on(second, tenant), "one").expect(200));
            second.pause(); // in the midst of them, perhaps
            awaitShares("16");
            tenants.forEach(tenant -> tenant.change("two").expect(200));
            server.settle();
            second.resume();
            awaitShares("8", "8");
            tenants.forEach(
                    tenant -> TestServer.change(on(second, tenant), "three").expect(200));
            server.settle();
            tenants.forEach(tenant -> assertChained(tenant, 3));
        }
    }

    @Test
    void aSessionThatPostgresEnds_isReplaced() {
        TestServer.Tenant tenant = server.newTenant();
        tenant.change("one").expect(200);
        server.settle();
        assertThat(Sql.texts(server, """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'scaiwave-admin sessions'
                """)).contains("t");
        tenant.change("two").expect(200);
        server.settle();
        assertChained(tenant, 2);
    }
}
