package io.scaiwave.admin.faults;

import io.scaiwave.admin.local.Wire;
import io.scaiwave.admin.testing.Wait;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Fault 8: the way to PostgreSQL goes silent without a reset, as a firewall or a dead host makes it, and comes back. */
final class PostgresSilent {
    private static final long SERVING_MS = 3_000;
    private static final double SECONDS_MAX = 30; // a statement's time, the lease's, and a new connection

    private PostgresSilent() {}

    static Report run(int seconds) {
        Report report = new Report("8 PostgreSQL silent", "for %d s more than until it is noticed, 16 clients".formatted(seconds));
        Wire[] wire = new Wire[1];
        Stage stage = Stage.start(1, platform -> {
            int port = platform.postgres().port();
            wire[0] = Wire.to(port);
            return Map.of("SCAIWAVE_DB_URL", platform.postgres().appUrl().replace(":" + port, ":" + wire[0].port()));
        });
        try (stage;
                Wire way = wire[0]) {
            Readiness readiness = new Readiness(stage);
            Load load = Load.closed(stage.clients());
            try (load) {
                Wait.pause(SERVING_MS);
                way.silence();
                report.atMost("not ready after", readiness.untilNotReady(), SECONDS_MAX, "s");
                Wait.pause(TimeUnit.SECONDS.toMillis(seconds));
                way.restore();
                report.atMost("ready and serving again after", readiness.untilServing(), SECONDS_MAX, "s");
                Wait.pause(SERVING_MS);
            }
            AuditCheck.check(stage, report);
        }
        return report.end();
    }
}
