package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.Wait;
import java.sql.SQLException;

/** Everything that must hold when a fault is over and the load has ended. */
final class AuditCheck {
    private static final long DRAIN_SECONDS = 120;

    private AuditCheck() {}

    /** Waits until what was committed is in the log and on Kafka, then checks it all. */
    static void check(Stage stage, Report report) {
        try {
            awaitDrained(stage, report);
            stage.ledger.tell(report);
            LogCheck log = LogCheck.of(stage, report);
            StateCheck.of(stage, log, report);
            TopicCheck.of(stage, log, report);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        VerifyVerb.whole(stage, report);
    }

    private static void awaitDrained(Stage stage, Report report) {
        if (!Wait.within(DRAIN_SECONDS, () -> backlog(stage) == 0)) {
            report.violated(backlog(stage) + " events still wait after " + DRAIN_SECONDS + " s");
            return;
        }
        report.none("events set aside", stage.number("SELECT count(*) FROM audit_parked"));
    }

    static long backlog(Stage stage) {
        return stage.number("SELECT (SELECT count(*) FROM audit_outbox) + (SELECT count(*) FROM audit_unsent)");
    }
}
