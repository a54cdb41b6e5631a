package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.Wait;
import java.util.List;
import java.util.Map;

/** Fault 12: two nodes behind a proxy are restarted in turn by SIGTERM, again and again, while changes come at a steady rate. */
final class RollingRestart {
    private static final int PER_SECOND = 50;
    private static final long DELAY_MS = 2_000;
    private static final long SETTLE_MS = 2_000;
    private static final long READY_MS_MAX = 30_000;
    private static final long POLL_MS = 50;
    private static final double STOP_SECONDS_MAX = 20;

    private RollingRestart() {}

    /** @param restarts of each node */
    static Report run(int restarts) {
        Report report = new Report(
                "12 rolling restart",
                "%d times SIGTERM and start for each of two nodes behind a proxy that repeats nothing, %d changes/s"
                        .formatted(restarts, PER_SECOND));
        Map<String, String> settings = Map.of("SCAIWAVE_HTTP_STOP_DELAY_MS", Long.toString(DELAY_MS));
        try (Stage stage = Stage.start(2, settings);
                Balancer balancer = Balancer.before(stage.nodes)) {
            stage.nodes.forEach(node -> awaitReady(balancer, node));
            Load load = Load.open(stage.clientsOf(balancer.port()), PER_SECOND);
            double slowest = 0;
            try (load) {
                Wait.pause(SETTLE_MS);
                for (int i = 0; i < 2 * restarts; i++) {
                    slowest = Math.max(slowest, restart(stage.node(i % 2), balancer, report));
                }
            }
            List<Load.Sample> samples = load.samples();
            Latencies all = Latencies.between(samples, Long.MIN_VALUE, Long.MAX_VALUE);
            report.figure("requests through the proxy", all);
            report.none("failed requests", all.failed());
            balancer.failures().forEach(report::violated);
            report.atMost("slowest stop, of which %.0f s go on serving".formatted(DELAY_MS / 1e3), slowest, STOP_SECONDS_MAX, "s");
            AuditCheck.check(stage, report);
        }
        return report.end();
    }

    private static double restart(Node node, Balancer balancer, Report report) {
        long begun = System.nanoTime();
        int status = node.stop();
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (status != 0) {
            report.violated("SIGTERM ended with status " + status);
        }
        node.start();
        awaitReady(balancer, node);
        report.progress("node on port %d stopped in %.1f s".formatted(node.port, seconds));
        Wait.pause(SETTLE_MS);
        return seconds;
    }

    private static void awaitReady(Balancer balancer, Node node) {
        for (long waited = 0; !balancer.isReady(node); waited += POLL_MS) {
            if (waited > READY_MS_MAX) {
                throw new IllegalStateException("the node on port " + node.port + " does not get ready");
            }
            Wait.pause(POLL_MS);
        }
    }
}
