package io.scaiwave.admin.db;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

/** Whether a PostgreSQL server takes writes: no standby, and not set to read only. */
final class Writability {
    static final String SQL =
            "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS writes";

    private Writability() {}

    static boolean of(RowSet<Row> rows) {
        return Boolean.TRUE.equals(Rows.first(rows, row -> row.getBoolean("writes")));
    }
}
