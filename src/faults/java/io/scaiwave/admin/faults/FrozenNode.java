package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.Wait;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Fault 5: of two nodes one stands still for longer than its lease, wakes up and goes on as if nothing had been; then one is killed. */
final class FrozenNode {
    private static final long LEASE_MS = 5_000;
    private static final long SETTLE_MS = 3_000;
    private static final long POLL_MS = 50;
    private static final long JUST_AFTER_MS = 200;
    private static final double TAKEOVER_SECONDS_MAX = LEASE_MS / 1e3 + 5;

    private static final String CHAINS =
            "SELECT count(DISTINCT chain) FROM audit_log WHERE tenant_id IS NOT NULL AND created_at > ?";

    private final Stage stage;
    private final Report report;
    private final long frozenMs;

    private FrozenNode(Stage stage, Report report, long frozenMs) {
        this.stage = stage;
        this.report = report;
        this.frozenMs = frozenMs;
    }

    /** @param frozenSeconds longer than the lease, and than the others may take to go on */
    static Report run(int freezes, long frozenSeconds) {
        Report report = new Report(
                "5 node frozen",
                "%d times SIGSTOP for %d s (lease %d s) on one of two nodes, then SIGKILL, 16 clients"
                        .formatted(freezes, frozenSeconds, LEASE_MS / 1_000));
        try (Stage stage = Stage.start(2)) {
            FrozenNode proof = new FrozenNode(stage, report, TimeUnit.SECONDS.toMillis(frozenSeconds));
            Load load = Load.closed(stage.clients());
            try (load) {
                Wait.pause(SETTLE_MS);
                for (int i = 0; i < freezes; i++) {
                    proof.freeze(i);
                }
                proof.kill(freezes);
            }
            AuditCheck.check(stage, report);
        }
        return report.end();
    }

    private void freeze(int round) {
        Node node = stage.node(round % 2);
        node.freeze();
        long frozen = System.nanoTime();
        try {
            takeover("freeze %d (node %d): all chains go on after".formatted(round + 1, round % 2 + 1));
            Wait.pause(Math.max(0, frozenMs - (System.nanoTime() - frozen) / 1_000_000));
        } finally {
            node.wake();
        }
        Wait.pause(SETTLE_MS);
    }

    private void kill(int round) {
        Node node = stage.node(round % 2);
        node.kill();
        takeover("kill (node %d): all chains go on after".formatted(round % 2 + 1));
        node.start();
        Wait.pause(SETTLE_MS);
    }

    /** Clients of the other node change each tenant all the time: each chain must soon get entries made after this moment. */
    private void takeover(String name) {
        long start = System.nanoTime();
        Timestamp since = Timestamp.from(Instant.now().plusMillis(JUST_AFTER_MS));
        long deadline = start + TimeUnit.MILLISECONDS.toNanos(frozenMs);
        try (Connection connection = stage.database()) {
            while (Stage.number(connection, CHAINS, since) < stage.tenants.size() && System.nanoTime() < deadline) {
                Wait.pause(POLL_MS);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        report.atMost(name, seconds, TAKEOVER_SECONDS_MAX, "s");
        report.progress("%s %.1f s".formatted(name, seconds));
    }
}
