package io.scaiwave.admin.audit;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** Who changed what, when: a page of the audit log, newest first. */
public final class AuditLogVerticle extends Feature {
    record Query(
            String action,
            String actorId,
            String resourceType,
            String resourceId,
            OffsetDateTime since,
            OffsetDateTime until,
            int limit,
            String cursor) {}

    static final Operation<Query, List<AuditEntry>> LIST = new Operation<>("listAudit", Query.class);

    private final Database database;

    public AuditLogVerticle(Database database) {
        this.database = database;
    }

    @Override
    protected void listen() {
        serve(LIST, this::list);
    }

    private Future<Reply<List<AuditEntry>>> list(Caller caller, Query query) {
        return AuditLogStore.page(database, caller, query, query.cursor == null ? null : decoded(query.cursor))
                .map(found -> {
                    boolean more = found.size() > query.limit;
                    List<AuditEntry> page = more ? found.subList(0, query.limit) : found;
                    return Reply.of(page)
                            .with("limit", query.limit)
                            .with(
                                    "next_cursor",
                                    more ? encoded(page.get(page.size() - 1).id()) : null)
                            .with("has_more", more);
                });
    }

    /** The cursor is the id of the last entry seen; new entries have greater ids and do not move it. */
    private static String encoded(UUID id) {
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static UUID decoded(String cursor) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
            if (bytes.remaining() == 2 * Long.BYTES) {
                return new UUID(bytes.getLong(), bytes.getLong());
            }
        } catch (IllegalArgumentException e) {
            // falls through: not base64url
        }
        throw Failure.invalid("cursor", "is not a next_cursor of this list");
    }
}
