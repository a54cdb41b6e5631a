package io.scaiwave.admin.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.work.Deadline;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts refused attempts on record, in the chain of who made them, so that nobody can write into another's chain. On one node the
 * same refusal of the same actor is one entry in ten minutes, and a chain takes so many an hour: the log cannot be flooded. An
 * actor has a share of that room, and a part of it is kept for the first entry of each, so that the noise of some does not hide
 * the next one. What is left out is counted, and told by the next entry of its kind.
 */
public final class Denials {
    private static final long REPEAT_MS = TimeUnit.MINUTES.toMillis(10);
    private static final int FIRST_PER_CHAIN_AND_HOUR = 60;
    private static final int MORE_PER_CHAIN_AND_HOUR = 60;
    private static final int PER_ACTOR_AND_HOUR = 20;
    private static final int KINDS_MAX = 50_000;
    private static final int ACTORS_MAX = 50_000;
    private static final int CHAINS_MAX = 50_000;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration KEPT = Duration.ofHours(2);

    /**
     * An attempt that was refused.
     *
     * @param code the SW_* code of the refusal
     * @param tenant the tenant that was asked for
     * @param partner the partner that was asked for
     */
    public record Denial(
            String operation,
            String code,
            @Nullable String tenant,
            @Nullable String partner) {}

    private record ActorOfChain(String chain, String actor) {}

    /**
     * What a chain takes in an hour.
     *
     * @param first for the first entry of an actor
     * @param more for all further ones
     */
    private record Room(Bucket first, Bucket more) {}

    private record Kind(String chain, String actor, String operation, String code) {}

    /**
     * What was seen of a kind.
     *
     * @param until before this, the same again is left out
     * @param suppressed how many were left out since the last entry
     * @param told how many the last entry says were left out before it
     */
    private record Seen(Deadline until, long suppressed, long told) {
        private static final Seen NOTHING = new Seen(Deadline.in(0), 0, 0);

        Seen leftOut() {
            return new Seen(until, suppressed + 1, told);
        }

        Seen recorded() {
            return new Seen(Deadline.in(REPEAT_MS), 0, suppressed);
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
    private final Cache<String, Room> chains = Caffeine.newBuilder()
            .maximumSize(CHAINS_MAX)
            .expireAfterAccess(KEPT)
            .build();
    private final Cache<ActorOfChain, Bucket> shares = Caffeine.newBuilder()
            .maximumSize(ACTORS_MAX)
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
        if (denial.partner != null) {
            details.put("partner", denial.partner);
        }
        if (now.told > 0) {
            details.put("suppressed", now.told);
        }
        return trail.record(actor, origin, chain, new Occurrence("access.deny", denial.operation, details));
    }

    private Seen see(Kind kind) {
        return seen.asMap().compute(kind, (key, known) -> {
            Seen before = known == null ? Seen.NOTHING : known;
            if (!before.until.passed() || !hasRoom(kind)) {
                return before.leftOut();
            }
            return before.recorded();
        });
    }

    private boolean hasRoom(Kind kind) {
        Bucket share = shares.get(new ActorOfChain(kind.chain, kind.actor), actor -> share());
        Room room = chains.get(
                kind.chain, chain -> new Room(hourly(FIRST_PER_CHAIN_AND_HOUR), hourly(MORE_PER_CHAIN_AND_HOUR)));
        boolean isFirst = share.getAvailableTokens() == PER_ACTOR_AND_HOUR;
        return share.tryConsume(1) && ((isFirst && room.first.tryConsume(1)) || room.more.tryConsume(1));
    }

    private static Bucket hourly(int entries) {
        return Bucket.builder()
                .withNanosecondPrecision()
                .addLimit(limit -> limit.capacity(entries).refillGreedy(entries, HOUR))
                .build();
    }

    /** Full again only when the hour is over, because whoever has all of theirs counts as not seen yet. */
    private static Bucket share() {
        return Bucket.builder()
                .withNanosecondPrecision()
                .addLimit(limit -> limit.capacity(PER_ACTOR_AND_HOUR).refillIntervally(PER_ACTOR_AND_HOUR, HOUR))
                .build();
    }
}
