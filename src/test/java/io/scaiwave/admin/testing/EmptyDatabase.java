package io.scaiwave.admin.testing;

import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.PostgresUrl;
import io.scaiwave.admin.db.FirstContact;
import io.scaiwave.admin.db.Migrations;
import io.scaiwave.admin.local.LocalPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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

    public String superuserUrl() {
        return in(postgres.superuserUrl());
    }

    /** A role that PostgreSQL asks for its password, unlike the others of this machine; returns its name. */
    public String makeRoleWithPassword(String password) {
        String role = name + "_role";
        run("CREATE ROLE " + role + " LOGIN PASSWORD '" + password + "'");
        String file = text("SHOW hba_file");
        String lines =
                "host all " + role + " 127.0.0.1/32 scram-sha-256\n" + text("SELECT pg_read_file('" + file + "')");
        run("COPY (SELECT * FROM string_to_table($$" + lines + "$$, E'\\n')) TO '" + file + "'");
        run("SELECT pg_reload_conf()");
        return role;
    }

    public String url(String role, String password) {
        return "postgresql://" + role + ":" + password + "@127.0.0.1:" + postgres.port() + "/" + name;
    }

    public void migrate() {
        new Migrations(PostgresUrl.parse("x", new Secret(ownerUrl())), "scaiwave_app", Duration.ofSeconds(30))
                .run(new FirstContact(name, Duration.ZERO, line -> {}));
    }

    /** As the superuser. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(in(postgres.superuserJdbc()));
    }

    /** As a release with a migration of that number would leave it, if that one only adds. */
    public void later(int version) {
        run(
                "INSERT INTO flyway_schema_history SELECT installed_rank + 100, '%d', 'later', 'SQL', 'V%d__later.sql', 1, installed_by,"
                                .formatted(version, version)
                        + " now(), 1, true FROM flyway_schema_history WHERE version = '1'");
        run("CREATE TABLE later (of_the_next_release int)");
    }

    /** Takes the newest migration back. */
    public void undoNewest() {
        run("DELETE FROM flyway_schema_history WHERE version = '19' OR script = 'R__grants.sql'");
        run("DROP FUNCTION audit_join");
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
