package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.ProcessStatus;
import io.scaiwave.admin.testing.Wait;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Fault 13: one tenant offers ten times as many connections as keep the server busy, while another makes a few requests. */
final class Overload {
    private static final int TIMES = 10;
    private static final double OTHERS_PER_SECOND = 20;
    private static final int OTHERS = 20; // so that a slow reply delays no other request
    private static final int CALM_SECONDS_MAX = 10;
    private static final int WARM_UP_MS = 3_000;
    private static final int LOOK_MS = 1_000;
    private static final int WINDOW_MS = 2_000;
    private static final int RECOVERY_SECONDS_MAX = 60;
    private static final double SLOWER_MAX = 2;
    private static final double LITTLE_MS = 20; // no client notices that much
    private static final double MEMORY_MIB_MAX = 768; // of a server with a heap of 256 MiB
    private static final double P99 = 0.99;

    private final Stage stage;
    private final Report report;
    private final Stage.Tenant greedy;
    private final Stage.Tenant other;
    private final MixedClient.Answers flood = new MixedClient.Answers();
    private final MixedClient.Answers beside = new MixedClient.Answers();

    private Overload(Stage stage, Report report) {
        this.stage = stage;
        this.report = report;
        this.greedy = stage.tenants.get(0);
        this.other = stage.tenants.get(1);
    }

    /** @param connections that keep the server busy; ten times as many are offered */
    static Report run(int connections, int seconds) {
        Report report = new Report(
                "13 overload",
                "%d connections of one tenant for %d s, %.0f requests/s of another"
                        .formatted(TIMES * connections, seconds, OTHERS_PER_SECOND));
        try (Stage stage = Stage.start(1)) {
            new Overload(stage, report).overload(connections, seconds);
            AuditCheck.check(stage, report);
        }
        return report.end();
    }

    private void overload(int connections, int seconds) {
        int calm = Math.min(seconds, CALM_SECONDS_MAX);
        steady(WARM_UP_MS);
        report.figure("answers a second to %d connections".formatted(connections), capacity(connections, calm));
        Latencies before = steady(TimeUnit.SECONDS.toMillis(calm));
        report.figure("the other tenant before", before);
        report.figure("memory before", memory() + " MiB");
        report.figure("the other tenant meanwhile", flooded(connections, seconds));
        report.figure("answers to the greedy tenant, by status", flood);
        report.figure("answers to the other tenant, by status", beside);
        report.none("requests without an answer", flood.count(0) + beside.count(0));
        recover(before.ms(P99));
    }

    private long memory() {
        return ProcessStatus.mib(stage.node(0).pid());
    }

    private long capacity(int connections, int seconds) {
        MixedClient.Answers answers = new MixedClient.Answers();
        Load load = Load.closed(stage.mixed(connections, greedy, answers));
        try (load) {
            Wait.pause(TimeUnit.SECONDS.toMillis(seconds));
        }
        return answers.count(200) / seconds;
    }

    /** What the other tenant sees at its steady rate. */
    private Latencies steady(long ms) {
        Load load = Load.open(stage.mixed(OTHERS, other, new MixedClient.Answers()), OTHERS_PER_SECOND);
        try (load) {
            Wait.pause(ms);
        }
        return all(load.samples());
    }

    private static Latencies all(List<Load.Sample> samples) {
        return Latencies.between(samples, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private Latencies flooded(int connections, int seconds) {
        long most = memory();
        Load few = Load.open(stage.mixed(OTHERS, other, beside), OTHERS_PER_SECOND);
        try (few) {
            Load many = Load.closed(stage.mixed(TIMES * connections, greedy, flood));
            try (many) {
                for (int i = 0; i < seconds; i++) {
                    Wait.pause(LOOK_MS);
                    most = Math.max(most, memory());
                }
            }
        }
        report.atMost("memory meanwhile, at most", (double) most, MEMORY_MIB_MAX, "MiB");
        return all(few.samples());
    }

    private void recover(double p99Before) {
        long began = System.nanoTime();
        double enough = Math.max(SLOWER_MAX * p99Before, LITTLE_MS);
        while (steady(WINDOW_MS).ms(P99) > enough && seconds(began) < RECOVERY_SECONDS_MAX) {
            report.progress("not as before yet");
        }
        report.atMost("as before again after", seconds(began), RECOVERY_SECONDS_MAX, "s");
        report.figure("memory after", memory() + " MiB");
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
