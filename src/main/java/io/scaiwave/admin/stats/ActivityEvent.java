package io.scaiwave.admin.stats;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event of the platform, read and checked: what it adds to the totals, or which participant came or went.
 *
 * @param key is the same for every delivery of one event
 * @param member the participant that came or went, if one did
 */
record ActivityEvent(
        UUID key,
        UUID tenantId,
        List<Amount> amounts,
        @Nullable Member member) {

    /** @param period {@code YYYY-MM}, or empty for what has no period */
    record Amount(String period, String metric, String label, long value) {}

    /**
     * A participant as the columns of its table.
     *
     * @param eventAt in ISO 8601, with microseconds as PostgreSQL keeps them
     */
    record Member(
            String id,
            UUID tenantId,
            String localId,
            String serverName,
            String displayName,
            @Nullable String avatarUrl,
            String participantType,
            boolean present,
            String eventAt) {}
}
