package io.scaiwave.admin.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.scaiwave.admin.auth.Principal;
import io.scaiwave.admin.bus.Failure;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How many requests a minute a tenant may make on this node, all its callers together; callers that act on no tenant each
 * count alone. Tokens flow back evenly, so that a burst of a whole minute's worth is let through once.
 */
public final class RateLimit {
    private static final int BUCKETS_MAX = 100_000;

    private final int perMinute;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(BUCKETS_MAX)
            .expireAfterAccess(Duration.ofMinutes(2))
            .build();

    /** @param perMinute 0 is off */
    public RateLimit(int perMinute) {
        this.perMinute = perMinute;
    }

    /** @throws Failure when the minute's requests are used up; the reply says when to come back */
    void take(RoutingContext context, Principal principal) {
        if (perMinute == 0) {
            return;
        }
        ConsumptionProbe probe = buckets.get(principal.account(), k -> bucket()).tryConsumeAndReturnRemaining(1);
        context.response()
                .putHeader("RateLimit-Limit", Integer.toString(perMinute))
                .putHeader("RateLimit-Remaining", Long.toString(probe.getRemainingTokens()))
                .putHeader("RateLimit-Reset", Long.toString(seconds(probe.getNanosToWaitForReset())));
        if (!probe.isConsumed()) {
            throw Failure.rateLimited(
                    "more than " + perMinute + " requests a minute; Retry-After says when to go on",
                    seconds(probe.getNanosToWaitForRefill()));
        }
    }

    private Bucket bucket() {
        return Bucket.builder()
                .withNanosecondPrecision()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
                .build();
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1);
    }
}
