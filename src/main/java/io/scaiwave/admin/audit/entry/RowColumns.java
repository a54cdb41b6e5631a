package io.scaiwave.admin.audit.entry;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The columns that the server's client has read. */
record RowColumns(Row row) implements EntryColumns {
    @Override
    public String text(String column) {
        return row.getString(column);
    }

    @Override
    public @Nullable String textOrNull(String column) {
        return row.getString(column);
    }

    @Override
    public UUID uuid(String column) {
        return row.getUUID(column);
    }

    @Override
    public @Nullable UUID uuidOrNull(String column) {
        return row.getUUID(column);
    }

    @Override
    public long number(String column) {
        return row.getLong(column);
    }

    @Override
    public OffsetDateTime time(String column) {
        return row.getOffsetDateTime(column);
    }

    @Override
    public JsonObject json(String column) {
        return row.getJsonObject(column);
    }
}
