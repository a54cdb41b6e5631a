package io.scaiwave.admin.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks behind the API, at what PostgreSQL holds, and makes states that no call can make. */
public final class Sql {
    private Sql() {}

    /** The first column of each row, as text. */
    public static List<String> texts(TestServer server, String query, Object... parameters) {
        try (Connection connection = DriverManager.getConnection(server.jdbc());
                PreparedStatement statement = prepared(connection, query, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    /** How many rows the statement changed. */
    public static int change(TestServer server, String statement, Object... parameters) {
        try (Connection connection = DriverManager.getConnection(server.jdbc());
                PreparedStatement prepared = prepared(connection, statement, parameters)) {
            return prepared.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
