package io.scaiwave.admin.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL with the database and the two roles that the server expects, and ways to make it fail. */
public final class LocalPostgres implements AutoCloseable {
    private static final String DATABASE = "scaiwave";
    private static final String OWNER = "scaiwave_owner";
    private static final String APP = "scaiwave_app";
    private static final String SUPERUSER = "postgres";
    private static final String PASSWORD = "local"; // any would do: loopback connections are trusted
    private static final int PORTS_TRIED_MAX = 3;

    private final Folder folder;
    private final Path data;
    private final PostgresControl control;
    private final boolean fsync;
    private int port;
    private Watchdog watchdog;

    private LocalPostgres(Folder folder, boolean fsync) {
        this.folder = folder;
        this.data = folder.file("postgres");
        this.control = new PostgresControl(data);
        this.fsync = fsync;
    }

    /** As the other start, without fsync: a crash of the machine, though not of PostgreSQL, may lose data. */
    public static LocalPostgres start(Path dataDirOrNull) {
        return start(dataDirOrNull, false);
    }

    /** Starts on the data of that folder, or on a temporary folder that goes with it. */
    public static LocalPostgres start(Path dataDirOrNull, boolean fsync) {
        Folder folder = Folder.of(dataDirOrNull);
        try {
            LocalPostgres postgres = new LocalPostgres(folder, fsync);
            postgres.firstStart();
            return postgres;
        } catch (RuntimeException e) {
            folder.deleteIfTemporary();
            throw e;
        }
    }

    /** With the role of the server, which owns nothing. */
    public String appUrl() {
        return url(APP);
    }

    /** With the role that owns the database and migrates it. */
    public String ownerUrl() {
        return url(OWNER);
    }

    public String superuserUrl() {
        return url(SUPERUSER);
    }

    /** The superuser's, for JDBC. */
    public String superuserJdbc() {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s".formatted(port, DATABASE, SUPERUSER, PASSWORD);
    }

    public int port() {
        return port;
    }

    /** What it writes about itself. */
    public Path log() {
        return data.resolve("server.log");
    }

    Path data() {
        return data;
    }

    /** The process that all others of it are children of. */
    public long pid() {
        return control.pid();
    }

    /** As a crash would: connections are cut, nothing is flushed, the next start recovers from the log. */
    public synchronized void stopImmediately() {
        stop("immediate");
    }

    /**
     * Another server that follows this one, which stops and starts again for it. From then on a change is acknowledged when both
     * have it.
     */
    public synchronized LocalPostgres follower() {
        stop("fast");
        LocalPostgres follower = new LocalPostgres(Folder.of(null), fsync);
        Command.run(List.of("cp", "-a"), data.toString(), follower.data.toString())
                .orThrow("Copying " + data);
        try {
            Files.writeString(follower.data.resolve("standby.signal"), "");
            Files.writeString(
                    follower.data.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=%d user=%s'%n".formatted(port, SUPERUSER));
            Files.writeString(data.resolve("postgresql.auto.conf"), "synchronous_standby_names = '*'\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run();
        follower.port = FreePort.find();
        follower.run();
        return follower;
    }

    /** A copy of its data as they are, for which it stops and starts again. It goes with the data's folder. */
    public synchronized Path copy() {
        Path copy = data.resolveSibling("postgres.copy");
        whileStopped(() -> copy(data, copy));
        return copy;
    }

    /** Starts again on a copy of its data, as after a restore. */
    public synchronized void goBackTo(Path copy) {
        whileStopped(() -> {
            Folder.delete(data);
            copy(copy, data);
        });
    }

    synchronized void whileStopped(Runnable work) {
        stop("fast");
        work.run();
        run();
    }

    private static void copy(Path from, Path to) {
        Command.run(List.of("cp", "-a"), from.toString(), to.toString()).orThrow("Copying " + from);
    }

    /** Makes a follower take writes. */
    public synchronized void promote() {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_promote()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** On the same port and data. */
    public synchronized void startAgain() {
        control.stopLeftover();
        run();
    }

    @Override
    public synchronized void close() {
        stop("fast");
        folder.deleteIfTemporary();
    }

    private synchronized void firstStart() {
        control.initialiseOnce();
        control.stopLeftover();
        for (int attempt = 1; ; attempt++) {
            port = FreePort.find();
            try {
                run();
                break;
            } catch (IllegalStateException e) {
                if (attempt == PORTS_TRIED_MAX || FreePort.isFree("127.0.0.1", port)) {
                    throw e; // the port was not the reason
                }
            }
        }
        try {
            prepare();
        } catch (SQLException e) {
            stop("immediate");
            throw new IllegalStateException("Cannot prepare PostgreSQL: " + e.getMessage(), e);
        }
    }

    private void run() {
        control.start(port, fsync);
        watchdog = new Watchdog(control.pid());
    }

    private void stop(String mode) {
        control.stop(mode);
        if (watchdog != null) {
            watchdog.close();
            watchdog = null;
        }
    }

    private void prepare() throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            String served = text(statement, "SHOW data_directory");
            if (!served.equals(data.toString())) {
                throw new SQLException("another PostgreSQL answers on port " + port + ", with the data of " + served);
            }
            makeRole(statement, OWNER);
            makeRole(statement, APP);
            if (text(statement, "SELECT count(*) FROM pg_database WHERE datname = '" + DATABASE + "'")
                    .equals("0")) {
                statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
            }
            statement.execute("REVOKE ALL ON DATABASE " + DATABASE + " FROM PUBLIC");
            statement.execute("GRANT CONNECT ON DATABASE " + DATABASE + " TO " + APP);
        }
    }

    private static void makeRole(Statement statement, String role) throws SQLException {
        if (text(statement, "SELECT count(*) FROM pg_roles WHERE rolname = '" + role + "'")
                .equals("0")) {
            statement.execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + PASSWORD + "'");
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private Connection connect(String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(SUPERUSER);
        return source.getConnection();
    }

    private String url(String role) {
        return "postgresql://" + role + ":" + PASSWORD + "@127.0.0.1:" + port + "/" + DATABASE;
    }
}
