package io.scaiwave.admin.audit.entry;

import io.scaiwave.admin.json.JsonText;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The columns that the server's client has read.
 *
 * @param places where each stands: looked up once for all rows, since a row would go through all names each time
 */
record RowColumns(Row row, Map<String, Integer> places) implements EntryColumns {

    static Map<String, Integer> places(RowSet<Row> rows) {
        List<String> names = rows.columnsNames();
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            places.put(names.get(i), i);
        }
        return places;
    }

    private int place(String column) {
        return Objects.requireNonNull(places.get(column), column);
    }

    @Override
    public String text(String column) {
        return row.getString(place(column));
    }

    @Override
    public @Nullable String textOrNull(String column) {
        return row.getString(place(column));
    }

    @Override
    public UUID uuid(String column) {
        return row.getUUID(place(column));
    }

    @Override
    public @Nullable UUID uuidOrNull(String column) {
        return row.getUUID(place(column));
    }

    @Override
    public long number(String column) {
        return row.getLong(place(column));
    }

    @Override
    public OffsetDateTime time(String column) {
        return row.getOffsetDateTime(place(column));
    }

    @Override
    public JsonText json(String column) {
        return new JsonText(row.getString(place(column)));
    }
}
