package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.Wait;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** Fault 4: a change and its event stay uncommitted for a long time, while later ones are committed and drained. */
final class HeldTransaction {
    private static final String LATE = "held-open";
    private static final long SEEN_SECONDS = 30;

    /** A change that no client makes, with its event, as one statement of the server would make them. */
    private static final String CHANGE = """
            WITH change AS (
                INSERT INTO plugin_states (tenant_id, plugin_id, enabled_at) VALUES ('%1$s', 'scaiwave.memory', now()))
            INSERT INTO audit_outbox (chain, tenant_id, action, resource_id, changes, actor_id, actor_type, request_id)
            VALUES ('%2$s', '%1$s', 'plugin.enable', 'scaiwave.memory',
                    '{"before": {"enabled": false}, "after": {"enabled": true}}', 'slow', 'system', '%3$s')
            """;

    private static final String SEQ = "SELECT coalesce(max(seq), 0) FROM audit_log WHERE chain = ? AND request_id = ?";
    private static final String LAST = "SELECT coalesce(max(seq), 0) FROM audit_log WHERE chain = ?";

    private HeldTransaction() {}

    static Report run(int seconds) {
        Report report = new Report("4 transaction held open", "for " + seconds + " s, while 16 clients go on");
        try (Stage stage = Stage.start(1)) {
            Load load = Load.closed(stage.clients());
            try (load) {
                Wait.pause(1_000);
                hold(stage, report, seconds);
            }
            AuditCheck.check(stage, report);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return report.end();
    }

    private static void hold(Stage stage, Report report, int seconds) throws SQLException {
        Stage.Tenant tenant = stage.tenants.get(0);
        try (Connection slow = stage.database();
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            long first = stage.number(LAST, tenant.chain());
            statement.execute(CHANGE.formatted(tenant.id(), tenant.chain(), LATE));
            stage.ledger.sending(LATE);
            Wait.pause(TimeUnit.SECONDS.toMillis(seconds));
            long passed = stage.number(LAST, tenant.chain());
            report.figure("entries of its chain that overtook it", passed - first);
            if (passed == first) {
                report.violated("nothing was logged while the transaction was open");
            }
            slow.commit();
            stage.ledger.outcome(LATE, Ledger.Fate.ACKNOWLEDGED);
            long seq = awaitSeq(stage, tenant);
            report.figure("seq before its commit, its own seq", passed + ", " + seq);
            if (seq <= passed) {
                report.violated("the late change is not in the log behind those that overtook it");
            }
        }
    }

    private static long awaitSeq(Stage stage, Stage.Tenant tenant) {
        Wait.within(SEEN_SECONDS, () -> stage.number(SEQ, tenant.chain(), LATE) != 0);
        return stage.number(SEQ, tenant.chain(), LATE);
    }
}
