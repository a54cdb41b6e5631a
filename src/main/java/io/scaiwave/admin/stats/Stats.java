package io.scaiwave.admin.stats;

import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much of the platform a tenant uses, as far as it has been reported.
 *
 * @param asOf everything reported before it is counted
 */
record Stats(Rooms rooms, Participants participants, AiUsage aiUsage, Storage storage, OffsetDateTime asOf) {

    /** Open rooms. */
    record Rooms(long total, Map<String, Long> byType) {}

    /** @param limit null: none; so it is with the others */
    record Participants(
            long total, Map<String, Long> byType, @Nullable Long limit) {}

    /** @param period the month, as {@code YYYY-MM} in UTC */
    record AiUsage(
            String period,
            long requests,
            long inputTokens,
            long outputTokens,
            long totalTokens,
            @Nullable Long limit,
            Map<String, ModelUsage> byModel) {}

    record ModelUsage(long requests, long inputTokens, long outputTokens, long totalTokens) {
        static final ModelUsage NONE = new ModelUsage(0, 0, 0);

        ModelUsage(long requests, long inputTokens, long outputTokens) {
            this(requests, inputTokens, outputTokens, inputTokens + outputTokens);
        }

        ModelUsage plus(ModelUsage other) {
            return new ModelUsage(
                    requests + other.requests, inputTokens + other.inputTokens, outputTokens + other.outputTokens);
        }
    }

    record Storage(long usedBytes, long fileCount, @Nullable Long limit) {}
}
