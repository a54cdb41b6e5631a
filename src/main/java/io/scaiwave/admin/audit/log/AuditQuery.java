package io.scaiwave.admin.audit.log;

import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is asked of the audit log, as the contract's parameters have it. */
record AuditQuery(
        @Nullable String action,
        @Nullable String actorId,
        @Nullable String resourceType,
        @Nullable String resourceId,
        @Nullable OffsetDateTime since,
        @Nullable OffsetDateTime until,
        @Nullable Integer limit,
        @Nullable String cursor,
        @Nullable UUID lastEventId) {}
