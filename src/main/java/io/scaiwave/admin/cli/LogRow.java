package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.EntryColumns;
import io.scaiwave.admin.audit.verify.Sighting;
import io.scaiwave.admin.json.JsonText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of the log as JDBC read it; what of it takes time is done when it is asked for, on another thread. */
final class LogRow implements EntryColumns {
    private static final String TIME = "created_at";
    private static final int NANOS_OF_MILLI = 1_000_000;

    private final Map<String, String> texts;
    private final OffsetDateTime createdAt;

    private LogRow(Map<String, String> texts, OffsetDateTime createdAt) {
        this.texts = texts;
        this.createdAt = createdAt;
    }

    static LogRow of(ResultSet row) throws SQLException {
        Map<String, String> texts = new HashMap<>();
        for (String column : AuditEntry.MEMBERS) {
            if (!column.equals(TIME)) {
                texts.put(column, row.getString(column));
            }
        }
        return new LogRow(texts, row.getObject(TIME, OffsetDateTime.class));
    }

    @Override
    public String text(String column) {
        return Objects.requireNonNull(texts.get(column), column);
    }

    @Override
    public @Nullable String textOrNull(String column) {
        return texts.get(column);
    }

    @Override
    public UUID uuid(String column) {
        return UUID.fromString(text(column));
    }

    @Override
    public @Nullable UUID uuidOrNull(String column) {
        String text = texts.get(column);
        return text == null ? null : UUID.fromString(text);
    }

    @Override
    public long number(String column) {
        return Long.parseLong(text(column));
    }

    @Override
    public OffsetDateTime time(String column) {
        return createdAt;
    }

    @Override
    public JsonText json(String column) {
        return new JsonText(text(column));
    }

    String chain() {
        return text("chain");
    }

    long seq() {
        return number("seq");
    }

    AuditEntry entry() {
        return AuditEntry.of(this);
    }

    Sighting sighting() {
        if (createdAt.getNano() % NANOS_OF_MILLI != 0) {
            return broken(); // the server writes whole milliseconds, and hashes no more of a time
        }
        try {
            return Sighting.of(entry().members(), false, text("id"));
        } catch (RuntimeException e) {
            return broken(); // its changes are no JSON object: the server could not have written that
        }
    }

    private Sighting broken() {
        return Sighting.broken(chain(), seq(), text("prev_hash"), text("hash"));
    }
}
