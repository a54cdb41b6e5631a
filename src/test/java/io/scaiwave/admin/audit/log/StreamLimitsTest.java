package io.scaiwave.admin.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Caller.Reach;
import io.scaiwave.admin.bus.Caller.TenantRef;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How many streams may be open: of a tenant, of a partner with all below it, and of who reaches many tenants. */
class StreamLimitsTest {
    private static final UUID FAMILY = new UUID(0, 1);

    private final StreamLimits limits = new StreamLimits(new SimpleMeterRegistry());
    private final List<Runnable> open = new ArrayList<>();

    private static Caller caller(String sub, Reach reach, TenantRef tenant) {
        return new Caller(
                new Caller.Actor(sub, "user", null, null, new Secret("token"), Long.MAX_VALUE),
                reach,
                tenant,
                new Caller.Request(
                        "listAudit",
                        new Caller.Origin("r", "127.0.0.1", null, null),
                        Caller.Terms.NONE,
                        "text/event-stream"));
    }

    private static TenantRef tenant(int number, UUID family) {
        return new TenantRef(new UUID(1, number), new UUID(2, number), family);
    }

    /** How many of so many get a place, each in a tenant and by an actor of their own unless it is one actor's. */
    private int opened(int count, UUID family, Reach reach) {
        int before = open.size();
        for (int i = 0; i < count; i++) {
            try {
                String sub = reach.none() ? family + " " + i : "admin of all " + i / 25;
                open.add(limits.take(caller(sub, reach, tenant(i, family))));
            } catch (Failure e) {
                assertThat(e.kind()).isEqualTo(Failure.Kind.RATE_LIMITED);
            }
        }
        return open.size() - before;
    }

    @Test
    void aPartnersFamily_leavesHalfToOthers() {
        assertThat(opened(190, FAMILY, Reach.NONE)).isEqualTo(100);
        assertThat(opened(60, new UUID(0, 2), Reach.NONE)).isEqualTo(60);
        open.forEach(Runnable::run);
        assertThat(opened(100, FAMILY, Reach.NONE)).isEqualTo(100);
    }

    @Test
    void whoReachesAll_hasTheirShareOnce_howeverManyTenantsTheyName() {
        int first = 0;
        for (int i = 0; i < 25; i++) {
            open.add(limits.take(caller("root", Reach.ALL, tenant(i, new UUID(3, i)))));
            first++;
        }
        assertThat(first).isEqualTo(25);
        assertThat(opened(10, FAMILY, Reach.NONE)).isEqualTo(10);
    }
}
