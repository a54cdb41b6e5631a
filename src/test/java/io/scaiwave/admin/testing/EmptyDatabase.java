package io.scaiwave.admin.testing;

import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.PostgresUrl;
import io.scaiwave.admin.local.LocalPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/** A database of a test's own beside the others of the platform's PostgreSQL: empty, and the owner's. */
public record EmptyDatabase(LocalPostgres postgres, String name) {

    public static EmptyDatabase create() {
        LocalPostgres postgres = TestServer.shared().platform().postgres();
        String name = TestServer.unique("empty").replace('-', '_');
        EmptyDatabase database = new EmptyDatabase(postgres, name);
        String owner = PostgresUrl.parse("x", new Secret(postgres.ownerUrl())).user();
        run(postgres.superuserJdbc(), "CREATE DATABASE " + name + " OWNER " + owner);
        return database;
    }

    public String appUrl() {
        return in(postgres.appUrl());
    }

    public String ownerUrl() {
        return in(postgres.ownerUrl());
    }

    /** What a server on this database has in its environment. */
    public Map<String, String> environment() {
        Map<String, String> environment =
                new LinkedHashMap<>(TestServer.shared().platform().environment());
        environment.put("SCAIWAVE_DB_URL", appUrl());
        environment.put("SCAIWAVE_DB_MIGRATION_URL", ownerUrl());
        return environment;
    }

    /** As the superuser. */
    public void run(String sql) {
        run(in(postgres.superuserJdbc()), sql);
    }

    /** The first column of the first row, as the superuser. */
    public String text(String sql) {
        try (Connection connection = DriverManager.getConnection(in(postgres.superuserJdbc()));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(String jdbc, String sql) {
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String in(String url) {
        return url.replaceFirst("(:\\d+/)\\w+", "$1" + name);
    }
}
