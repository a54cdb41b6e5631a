package io.scaiwave.admin.audit.log;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Owners;
import io.scaiwave.admin.work.Shares;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many exports and live streams one node serves: at a time, altogether and for each tenant (or for each actor, where they
 * act on none), for a partner with all below it, and for who reaches many tenants; and for each actor in a minute, because each of them is an entry of its own.
 */
public final class StreamLimits {
    private static final int OPEN_MAX = 200;
    private static final int OPEN_OF_ONE_MAX = 10;
    private static final int OPEN_OF_FAMILY_MAX = OPEN_MAX / 2;
    private static final int OPEN_OF_PRINCIPAL_MAX = OPEN_MAX / 4;
    private static final int PER_MINUTE = 30;
    private static final int ACTORS_MAX = 100_000;
    private static final long RETRY_SECONDS = 5;

    private final Shares open = new Shares();
    private volatile int all;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(ACTORS_MAX)
            .expireAfterAccess(Duration.ofMinutes(2))
            .build();

    private final Counter exported;

    public StreamLimits(MeterRegistry meters) {
        this.exported = Counter.builder("audit.exported.entries")
                .description("Entries that exports have made")
                .register(meters);
        Gauge.builder("audit.streams.open", this, limits -> limits.all)
                .description("Exports and live streams of the audit log that are being served")
                .register(meters);
    }

    void exported(int entries) {
        exported.increment(entries);
    }

    /**
     * Takes a place; what comes back gives it back.
     *
     * @throws Failure when there is none
     */
    Runnable take(Caller caller) {
        Map<String, Integer> shares = Owners.of(caller.actor(), caller.reach(), caller.target())
                .shares(OPEN_OF_ONE_MAX, OPEN_OF_FAMILY_MAX, OPEN_OF_PRINCIPAL_MAX);
        enter(shares);
        ConsumptionProbe probe =
                buckets.get(caller.actor().id(), id -> bucket()).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            leave(shares);
            throw Failure.rateLimited(
                    "more than " + PER_MINUTE + " exports a minute; Retry-After says when to go on",
                    1 + TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()));
        }
        return () -> leave(shares);
    }

    private static Bucket bucket() {
        return Bucket.builder()
                .withNanosecondPrecision()
                .addLimit(limit -> limit.capacity(PER_MINUTE).refillGreedy(PER_MINUTE, Duration.ofMinutes(1)))
                .build();
    }

    private synchronized void enter(Map<String, Integer> shares) {
        if (all >= OPEN_MAX || !open.take(shares)) {
            throw Failure.rateLimited("too many exports and streams are open; close one, or try again", RETRY_SECONDS);
        }
        all++;
    }

    private synchronized void leave(Map<String, Integer> shares) {
        all--;
        open.leave(shares.keySet());
    }
}
