package io.scaiwave.admin.audit.verify;

import io.scaiwave.admin.audit.AuditEntry;
import io.vertx.core.json.JsonObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;

/** A row of the log; what of it takes time is done when it is asked for, on another thread. */
final class LogRow {
    private static final int CHAIN = 2;
    private static final int SEQ = 3;
    private static final int CREATED_AT = 4;
    private static final int TENANT_ID = 11;
    private static final int PARTNER_ID = 12;
    private static final int CHANGES = 13;
    private static final int PREV_HASH = 17;
    private static final int HASH = 18;

    private final String[] texts; // by their columns' numbers, from 1
    private final OffsetDateTime createdAt;

    private LogRow(String[] texts, OffsetDateTime createdAt) {
        this.texts = texts;
        this.createdAt = createdAt;
    }

    static LogRow of(ResultSet row) throws SQLException {
        String[] texts = new String[HASH + 1];
        for (int column = 1; column <= HASH; column++) {
            texts[column] = column == CREATED_AT ? null : row.getString(column);
        }
        return new LogRow(texts, row.getObject(CREATED_AT, OffsetDateTime.class));
    }

    String chain() {
        return texts[CHAIN];
    }

    long seq() {
        return Long.parseLong(texts[SEQ]);
    }

    Sighting sighting() {
        try {
            return Sighting.of(entry().members(), false, texts[1]);
        } catch (RuntimeException e) {
            // Its changes are no JSON object: the server could not have written that.
            return Sighting.broken(chain(), seq(), texts[PREV_HASH], texts[HASH]);
        }
    }

    AuditEntry entry() {
        return new AuditEntry(
                UUID.fromString(texts[1]),
                texts[CHAIN],
                seq(),
                createdAt,
                texts[5],
                texts[6],
                texts[7],
                texts[8],
                texts[9],
                texts[10],
                uuid(texts[TENANT_ID]),
                uuid(texts[PARTNER_ID]),
                new JsonObject(texts[CHANGES]),
                texts[14],
                texts[15],
                texts[16],
                texts[PREV_HASH],
                texts[HASH]);
    }

    private static UUID uuid(String text) {
        return text == null ? null : UUID.fromString(text);
    }
}
