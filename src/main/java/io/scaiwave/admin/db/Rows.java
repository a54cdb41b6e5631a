package io.scaiwave.admin.db;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.RowSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** From rows to what they stand for. */
public final class Rows {
    private Rows() {}

    /** What the first row stands for. */
    public static <T> @Nullable T first(RowSet<Row> rows, Function<Row, T> mapping) {
        RowIterator<Row> all = rows.iterator();
        return all.hasNext() ? mapping.apply(all.next()) : null;
    }

    public static <T> List<T> all(RowSet<Row> rows, Function<Row, T> mapping) {
        return StreamSupport.stream(rows.spliterator(), false).map(mapping).toList();
    }
}
