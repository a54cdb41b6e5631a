package io.scaiwave.admin.audit.log;

import java.time.OffsetDateTime;
import java.util.UUID;

/** What is asked of the audit log, as the contract's parameters have it; null for what was not given. */
record AuditQuery(
        String action,
        String actorId,
        String resourceType,
        String resourceId,
        OffsetDateTime since,
        OffsetDateTime until,
        Integer limit,
        String cursor,
        UUID lastEventId) {}
