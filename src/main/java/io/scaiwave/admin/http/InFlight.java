package io.scaiwave.admin.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.config.Config;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many requests this node serves at a time, in all and of each account; those beyond are refused at once. Thread-safe. */
public final class InFlight {
    private static final long RETRY_SECONDS = 1;

    private final Config.Http.InFlight limits;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> ofOne = new ConcurrentHashMap<>();
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
        private @Nullable String account;
        private boolean working;
        private boolean ended;
        private boolean left;

        /** @throws Failure when the account has no place for it */
        synchronized void belongsTo(String name) {
            if (left) {
                return;
            }
            if (ofOne.merge(name, 1, Integer::sum) > limits.ofOneMax()) {
                leave(name);
                refusedOfOne.increment();
                throw Failure.rateLimited(
                        "%d requests of yours are being served; let them finish".formatted(limits.ofOneMax()),
                        RETRY_SECONDS);
            }
            account = name;
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
                if (account != null) {
                    leave(account);
                }
            }
        }

        private void leaveWhenDone() {
            if (ended && !working) {
                leave();
            }
        }

        private void leave(String name) {
            ofOne.computeIfPresent(name, (key, count) -> count == 1 ? null : count - 1);
        }
    }
}
