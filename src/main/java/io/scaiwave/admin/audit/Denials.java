package io.scaiwave.admin.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.bus.Caller;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts refused attempts on record, in the chain of who made them, so that nobody can write into another's chain. On one node the
 * same refusal of the same actor is one entry in ten minutes, and a chain takes so many an hour: the log cannot be flooded. What
 * is left out is counted, and told by the next entry of its kind.
 */
public final class Denials {
    private static final long REPEAT_MS = TimeUnit.MINUTES.toMillis(10);
    private static final int PER_CHAIN_AND_HOUR = 120;
    private static final int KINDS_MAX = 50_000;
    private static final int CHAINS_MAX = 50_000;
    private static final Duration KEPT = Duration.ofHours(2);

    /**
     * An attempt that was refused.
     *
     * @param code the SW_* code of the refusal
     * @param tenant the tenant that was asked for
     */
    public record Denial(
            String operation, String code, @Nullable String tenant) {}

    private record Kind(String chain, String actor, String operation, String code) {}

    /**
     * What was seen of a kind.
     *
     * @param until before this, the same again is left out
     * @param suppressed how many were left out since the last entry
     * @param told how many the last entry says were left out before it
     */
    private record Seen(long until, long suppressed, long told) {
        private static final Seen NOTHING = new Seen(0, 0, 0);

        Seen leftOut() {
            return new Seen(until, suppressed + 1, told);
        }

        Seen recorded(long now) {
            return new Seen(now + REPEAT_MS, 0, suppressed);
        }

        /** Whether the last one of the kind is an entry. */
        boolean isRecorded() {
            return suppressed == 0;
        }
    }

    private final AuditTrail trail;
    private final Counter suppressed;
    private final Cache<Kind, Seen> seen =
            Caffeine.newBuilder().maximumSize(KINDS_MAX).expireAfterAccess(KEPT).build();
    private final Cache<String, Bucket> chains = Caffeine.newBuilder()
            .maximumSize(CHAINS_MAX)
            .expireAfterAccess(KEPT)
            .build();

    public Denials(AuditTrail trail, MeterRegistry meters) {
        this.trail = trail;
        this.suppressed = Counter.builder("audit.denials.suppressed")
                .description("Refused attempts that are not in the audit log, because there were too many")
                .register(meters);
    }

    /** Completes when it is on record or left out. */
    public Future<Void> record(Caller.Actor actor, Caller.Origin origin, Chain chain, Denial denial) {
        Kind kind = new Kind(chain.name(), actor.id(), denial.operation, denial.code);
        Seen now = see(kind);
        if (!now.isRecorded()) {
            suppressed.increment();
            return Future.succeededFuture();
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("code", denial.code);
        if (denial.tenant != null) {
            details.put("tenant", denial.tenant);
        }
        if (now.told > 0) {
            details.put("suppressed", now.told);
        }
        return trail.record(actor, origin, chain, new Occurrence("access.deny", denial.operation, details));
    }

    private Seen see(Kind kind) {
        long now = System.currentTimeMillis();
        return seen.asMap().compute(kind, (key, known) -> {
            Seen before = known == null ? Seen.NOTHING : known;
            if (now < before.until || !bucket(kind.chain).tryConsume(1)) {
                return before.leftOut();
            }
            return before.recorded(now);
        });
    }

    private Bucket bucket(String chain) {
        return chains.get(chain, name -> Bucket.builder()
                .addLimit(limit ->
                        limit.capacity(PER_CHAIN_AND_HOUR).refillGreedy(PER_CHAIN_AND_HOUR, Duration.ofHours(1)))
                .build());
    }
}
