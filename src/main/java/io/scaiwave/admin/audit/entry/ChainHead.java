package io.scaiwave.admin.audit.entry;

import io.scaiwave.admin.db.UuidV7;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * The end of a chain: its last entry, which the next one joins.
 *
 * @param lastId {@link UuidV7#NIL} for a chain without entries
 */
public record ChainHead(String chain, long seq, String hash, UUID lastId, OffsetDateTime lastAt) {
    /** The columns of audit_chain that make a head. */
    public static final String COLUMNS = "chain, seq, hash, last_id, last_at";

    public static ChainHead of(Row row) {
        return new ChainHead(
                row.getString("chain"),
                row.getLong("seq"),
                row.getString("hash"),
                row.getUUID("last_id"),
                row.getOffsetDateTime("last_at"));
    }
}
