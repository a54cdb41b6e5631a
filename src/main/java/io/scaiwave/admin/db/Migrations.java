package io.scaiwave.admin.db;

import io.scaiwave.admin.config.PostgresUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the schema up to date with the role that owns the tables, and grants the server's role what it needs, no more. Several at
 * once wait for one another. Each migration is one transaction: one that fails leaves nothing of itself behind.
 */
public final class Migrations {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('scaiwave-admin grants'))";
    private static final String FOREIGN = "no schema history table";
    private static final String EXIST =
            "SELECT to_regclass('flyway_schema_history') IS NOT NULL AND to_regclass('schema_floor') IS NOT NULL";
    private static final String VERSION =
            "SELECT coalesce(max(version::int), 0), (SELECT version FROM schema_floor) FROM flyway_schema_history WHERE success";

    private final PostgresUrl owner;
    private final String serverRole;
    private final Pulse pulse;

    /**
     * By that owner.
     *
     * @param serverRole who is granted what the server needs
     * @param silentMax how long the database may be silent
     */
    public Migrations(PostgresUrl owner, String serverRole, Duration silentMax) {
        this.owner = owner;
        this.serverRole = serverRole;
        this.pulse = new Pulse(owner, silentMax);
    }

    /**
     * Blocking. A schema that is current, or newer and open to this version, stays as it is; rights that are missing are granted.
     *
     * @param contact how long to wait for the database
     * @return the schema as it is then
     * @throws UnfitDatabase when it cannot be migrated
     * @throws AbsentDatabase when it does not answer
     */
    public Schema run(FirstContact contact) {
        contact.make(() -> pulse.during(this::schema)).requireOpen();
        try {
            return pulse.during(this::migrated);
        } catch (FlywayException e) {
            if (String.valueOf(e.getMessage()).contains(FOREIGN)) {
                throw new UnfitDatabase(
                        "the schema holds the tables of others: give this server a database of its own", e);
            }
            throw new UnfitDatabase("the schema could not be migrated: " + words(e), e);
        } catch (SQLException e) {
            throw new UnfitDatabase("%s was not granted its rights: %s".formatted(serverRole, e.getMessage()), e);
        }
    }

    private Schema migrated() throws SQLException {
        flyway().migrate();
        grant();
        return schema();
    }

    private Flyway flyway() {
        return Flyway.configure()
                .dataSource(owner.jdbc(), owner.user(), owner.password())
                .locations("classpath:db")
                .placeholders(Map.of(Grants.ROLE, Grants.quoted(serverRole)))
                .load();
    }

    private Schema schema() throws SQLException {
        try (Connection connection = owner.connect(CONNECT);
                Statement statement = connection.createStatement()) {
            Schema.requirePostgres(connection.getMetaData().getDatabaseMajorVersion());
            try (ResultSet exist = statement.executeQuery(EXIST)) {
                exist.next();
                if (!exist.getBoolean(1)) {
                    return new Schema(0, 0);
                }
            }
            try (ResultSet row = statement.executeQuery(VERSION)) {
                row.next();
                return new Schema(row.getInt(1), row.getInt(2));
            }
        }
    }

    /** Flyway grants when the file has changed; this, also when somebody took a right away or a dump was restored without rights. */
    private void grant() throws SQLException {
        try (Connection connection = owner.connect(CONNECT);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(LOCK);
            statement.execute(Grants.sql(serverRole));
            connection.commit();
        }
    }

    /** PostgreSQL's own words, where it said something, on one line. */
    private static String words(FlywayException e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        String said = root == e ? String.valueOf(e.getMessage()) : first + ": " + root.getMessage();
        return said.replaceAll("\\s*\\R\\s*", " ");
    }
}
