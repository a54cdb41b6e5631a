package io.scaiwave.admin.stats;

import java.util.List;
import java.util.UUID;

/**
 * An event of the platform, read and checked: what it adds to the totals, or which participant came or went.
 *
 * @param key is the same for every delivery of one event
 * @param member null unless a participant came or went
 */
record ActivityEvent(UUID key, UUID tenantId, List<Amount> amounts, Member member) {

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
            String avatarUrl,
            String participantType,
            boolean present,
            String eventAt) {}
}
