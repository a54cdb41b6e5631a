package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.Wait;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** Fault 9: PostgreSQL takes no writes for a while, as a standby or an operator makes it. */
final class PostgresReadOnly {
    private static final long SERVING_MS = 3_000;
    private static final double SECONDS_MAX = 20;

    private PostgresReadOnly() {}

    static Report run(int seconds) {
        Report report = new Report(
                "9 PostgreSQL read-only", "for %d s more than until it is noticed, 16 clients".formatted(seconds));
        try (Stage stage = Stage.start(1)) {
            Readiness readiness = new Readiness(stage);
            Load load = Load.closed(stage.clients());
            try (load) {
                Wait.pause(SERVING_MS);
                alter(stage, "ALTER SYSTEM SET default_transaction_read_only = on");
                report.atMost("not ready after", readiness.untilNotReady(), SECONDS_MAX, "s");
                Wait.pause(TimeUnit.SECONDS.toMillis(seconds));
                alter(stage, "ALTER SYSTEM RESET default_transaction_read_only");
                report.atMost("ready and serving again after", readiness.untilServing(), SECONDS_MAX, "s");
                Wait.pause(SERVING_MS);
            }
            AuditCheck.check(stage, report);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return report.end();
    }

    private static void alter(Stage stage, String sql) throws SQLException {
        try (Connection superuser = stage.database();
                Statement statement = superuser.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            statement.execute(sql);
            statement.execute("SELECT pg_reload_conf()");
        }
    }
}
