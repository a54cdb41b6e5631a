package io.scaiwave.admin.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.local.LocalScaiGrid;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One tenant whose view of ScaiGrid is slow, with more callers than there are connections. */
class SlowTenantTest {
    private static final String CATALOG = "/v1/admin/models/catalog";
    private static final int CALLERS = 60;
    private static final int HELD = 5 + 20; // under way, and waiting

    private final TestServer server = TestServer.mistreated();
    private final LocalScaiGrid scaiGrid = server.platform().scaiGrid();
    private final CountDownLatch slow = new CountDownLatch(1);
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

    @AfterEach
    void heal() {
        slow.countDown();
        scaiGrid.setVisible((claims, model) -> true);
        callers.shutdown();
    }

    private boolean shown(Object subject) {
        try {
            if (String.valueOf(subject).startsWith("slow-")) {
                slow.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    @Test
    void itHasAShareOfTheConnections_andTheRestGets503() {
        TestServer.Tenant tenant = server.newTenant();
        TestServer.Tenant other = server.newTenant();
        scaiGrid.setVisible((claims, model) -> shown(claims.get("sub")));
        Queue<Api.Reply> replies = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < CALLERS; i++) {
            Api caller = tenant.as(Map.of("sub", "slow-" + i, "role", "tenant_admin"));
            callers.execute(() -> replies.add(caller.get(CATALOG)));
        }
        Wait.soon(() -> replies.size() >= CALLERS - HELD);
        other.admin.get(CATALOG).expect(200);
        assertThat(replies).hasSize(CALLERS - HELD).allSatisfy(reply -> {
            reply.expect(503, "SW_UNAVAILABLE");
            assertThat(reply.header("Retry-After")).matches("[1-9][0-9]*");
        });
        slow.countDown();
        Wait.soon(() -> replies.size() == CALLERS);
        assertThat(replies.stream().filter(reply -> reply.status() == 200)).hasSize(HELD);
    }
}
