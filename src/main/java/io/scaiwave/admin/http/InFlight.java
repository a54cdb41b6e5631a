package io.scaiwave.admin.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Owners;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.work.Shares;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests this node serves at a time, in all, of each account, of a partner with all below it, and of
 * who acts in many tenants; those beyond are refused at once. Thread-safe.
 */
public final class InFlight {
    private static final long RETRY_SECONDS = 1;

    private final Config.Http.InFlight limits;
    private final AtomicInteger all = new AtomicInteger();
    private final Shares shares = new Shares();
    private final Counter refusedInAll;
    private final Counter refusedOfOne;

    public InFlight(Config.Http.InFlight limits, MeterRegistry meters) {
        this.limits = limits;
        this.refusedInAll = refused("total", meters);
        this.refusedOfOne = refused("account", meters);
    }

    private static Counter refused(String reason, MeterRegistry meters) {
        return Counter.builder("admin.requests.refused")
                .description("Requests that were refused because too many were being served")
                .tag("reason", reason)
                .register(meters);
    }

    /**
     * The place of one more request, whosever it is.
     *
     * @throws Failure when there is none
     */
    Place enter() {
        if (all.incrementAndGet() > limits.max()) {
            all.decrementAndGet();
            refusedInAll.increment();
            throw Failure.unavailable("the server has too many requests at the moment; try again");
        }
        return new Place();
    }

    /**
     * Where one request is served. It is free again when the reply has ended and nothing works for it any more: a client that goes
     * away does not end the work that it has asked for.
     */
    final class Place {
        private Set<String> names = Set.of();
        private boolean working;
        private boolean ended;
        private boolean left;

        /** @throws Failure when one of its owners has no place for it */
        synchronized void belongsTo(Owners owners) {
            if (left) {
                return;
            }
            Map<String, Integer> each = owners.shares(limits.ofOneMax(), limits.ofFamilyMax(), limits.ofOneMax());
            if (!shares.take(each)) {
                refusedOfOne.increment();
                throw Failure.rateLimited(
                        "as many requests of yours are being served as may be; let them finish", RETRY_SECONDS);
            }
            names = each.keySet();
        }

        synchronized void works() {
            working = true;
        }

        synchronized void worked() {
            working = false;
            leaveWhenDone();
        }

        synchronized void ended() {
            ended = true;
            leaveWhenDone();
        }

        /** What goes on for long, and has limits of its own, does not count here. */
        synchronized void leave() {
            if (!left) {
                left = true;
                all.decrementAndGet();
                shares.leave(names);
            }
        }

        private void leaveWhenDone() {
            if (ended && !working) {
                leave();
            }
        }
    }
}
