package io.scaiwave.admin.faults;

import io.scaiwave.admin.local.LocalPostgres;
import io.scaiwave.admin.local.SmallDisk;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Wait;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Fault 14: the disk of PostgreSQL is full, so that it ends for want of room for its log (WAL) and does not come up before there is some; then
 * that of its tables alone, so that it refuses statements; then that of its WAL alone.
 */
final class DiskFull {
    private static final int ALL_MIB = 384;
    private static final int TABLES_MIB = 128;
    private static final int WAL_MIB = 192;
    private static final long SERVING_MS = 3_000;
    private static final long LOOK_MS = 100;
    private static final long END_SECONDS = 60;
    private static final double SECONDS_MAX = 20;
    private static final String SETTINGS = "/v1/admin/ai-config";

    private final Stage stage;
    private final LocalPostgres postgres;
    private final Report report;
    private final Readiness readiness;

    private DiskFull(Stage stage, Report report) {
        this.stage = stage;
        this.postgres = stage.platform.postgres();
        this.report = report;
        this.readiness = new Readiness(stage);
    }

    static Report run(int seconds) {
        Report report = new Report(
                "14 disk full", "all on one, then that of the tables, then of the WAL, %d s more than until noticed, 16 clients".formatted(seconds));
        Optional<String> obstacle = SmallDisk.obstacle();
        if (obstacle.isPresent()) {
            report.skipped(obstacle.get());
            return report.end();
        }
        try (Stage stage = Stage.start(1)) {
            new DiskFull(stage, report).run(TimeUnit.SECONDS.toMillis(seconds));
        }
        return report.end();
    }

    private void run(long ms) {
        try (SmallDisk all = SmallDisk.of(postgres, "", ALL_MIB)) {
            Load load = Load.closed(stage.clients());
            try (load) {
                Wait.pause(SERVING_MS);
                ends("all on one disk", all, ms);
                Wait.pause(SERVING_MS);
            }
            onDisksOfTheirOwn(ms);
        }
    }

    private void onDisksOfTheirOwn(long ms) {
        try (SmallDisk tables = SmallDisk.of(postgres, "base", TABLES_MIB);
                SmallDisk wal = SmallDisk.of(postgres, "pg_wal", WAL_MIB)) {
            Load load = Load.closed(stage.clients());
            try (load) {
                report.atMost("on disks of their own after", readiness.untilServing(), SECONDS_MAX, "s");
                Wait.pause(SERVING_MS);
                tablesFull(tables, ms);
                Wait.pause(SERVING_MS);
                ends("WAL", wal, ms);
                Wait.pause(SERVING_MS);
            }
            AuditCheck.check(stage, report);
        }
    }

    private void tablesFull(SmallDisk disk, long ms) {
        disk.fill();
        report.atMost("tables: not ready after", readiness.untilNotReady(), SECONDS_MAX, "s");
        Api reader = new Api(
                stage.node(0).port,
                Map.of("Authorization", "Bearer " + stage.tenants.get(0).token()));
        long looks = 0;
        long ready = 0;
        long unread = 0;
        long acknowledged = stage.ledger.acknowledged();
        for (long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms); System.nanoTime() < end; looks++) {
            ready += readiness.status() == 200 ? 1 : 0;
            unread += reader.get(SETTINGS).status() == 200 ? 0 : 1;
            Wait.pause(LOOK_MS);
        }
        report.figure("tables: acknowledged meanwhile", stage.ledger.acknowledged() - acknowledged);
        report.none("tables: of " + looks + " reads meanwhile, failed", unread);
        report.none("tables: said to be ready meanwhile, times", ready);
        disk.clear();
        report.atMost("tables: ready and serving again after", readiness.untilServing(), SECONDS_MAX, "s");
    }

    /** Without room for its WAL PostgreSQL ends, and cannot recover before there is some. */
    private void ends(String full, SmallDisk disk, long ms) {
        disk.fill();
        if (!Wait.within(END_SECONDS, this::endsForWantOfRoom)) {
            report.violated(full + ": PostgreSQL goes on");
        }
        report.atMost(full + ": not ready after", readiness.untilNotReady(), SECONDS_MAX, "s");
        Wait.pause(ms);
        report.none(full + ": PostgreSQL is back without room, times", postgres.pid() == 0 ? 0 : 1);
        disk.clear();
        postgres.startAgain();
        report.atMost(full + ": ready and serving again after", readiness.untilServing(), SECONDS_MAX, "s");
    }

    /** Segments are used up sooner than the load would. */
    private boolean endsForWantOfRoom() {
        try (Connection superuser = stage.database();
                Statement statement = superuser.createStatement()) {
            statement.execute("SELECT pg_switch_wal()");
            return false;
        } catch (SQLException away) {
            return postgres.pid() == 0;
        }
    }
}
