package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.config.PostgresUrl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Consumer;

/** The audit trail's tables, read through JDBC in one snapshot. */
final class LogTables implements AutoCloseable {
    private static final int FETCH_ROWS = 2_000;

    private final Connection connection;

    private LogTables(Connection connection) {
        this.connection = connection;
    }

    static LogTables open(PostgresUrl url, Duration timeout) {
        try {
            LogTables tables = new LogTables(url.connect(timeout));
            tables.enterScope();
            return tables;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The server's role sees nothing without a scope. */
    private void enterScope() throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT set_config('scaiwave.scope', '*', false)")) {
            statement.execute();
        }
    }

    Connection connection() {
        return connection;
    }

    /** From here on everything is seen as it was at the first look. */
    LogTables snapshot() {
        try {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return this;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The end of the snapshot: what is asked from here on is answered as it is then. */
    void release() {
        try {
            connection.commit();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    interface RowReader {
        void accept(ResultSet row) throws SQLException;
    }

    /** Streams the rows; in flat memory within a snapshot. */
    void each(String sql, RowReader reader, Object... parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH_ROWS);
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, bound(parameters[i]));
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.accept(rows);
                }
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private Object bound(Object parameter) throws SQLException {
        return parameter instanceof List<?> list ? connection.createArrayOf("text", list.toArray()) : parameter;
    }

    static Unreadable failed(SQLException e) {
        return new Unreadable("PostgreSQL: " + e.getMessage(), e);
    }

    private static final String ENTRIES = "SELECT " + AuditEntry.COLUMNS + " FROM audit_log%s ORDER BY chain, id, seq";

    /** All entries, chain by chain, each in the order of its ids, which is that of seq; but for ids that somebody has made equal. */
    void entries(ChainsOption scope, Consumer<LogRow> receiver) {
        RowReader reader = row -> receiver.accept(LogRow.of(row));
        if (scope.all()) {
            each(ENTRIES.formatted(""), reader);
        } else {
            each(ENTRIES.formatted(" WHERE chain = ANY (?)"), reader, scope.named());
        }
    }

    /** @param table audit_checkpoints or audit_floors */
    void checkpoints(String table, String kind, Consumer<Checkpoint> receiver) {
        each(
                "SELECT " + Checkpoint.COLUMNS + " FROM " + table,
                row -> receiver.accept(new Checkpoint(
                        row.getString("chain"),
                        kind,
                        row.getLong("seq"),
                        row.getString("hash"),
                        row.getObject("signed_at", OffsetDateTime.class),
                        row.getString("key_id"),
                        row.getString("signature"))));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // it is being given up anyway
        }
    }
}
