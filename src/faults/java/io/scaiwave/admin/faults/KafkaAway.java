package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.Wait;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Fault 2: Kafka's broker is killed and stays away, while changes come at a steady rate that takes no notice of it. */
final class KafkaAway {
    private static final long WARM_UP_MS = 20_000;
    private static final long BEFORE_MS = 60_000;
    private static final long AFTER_MS = 30_000;
    private static final long GIVE_UP_SECONDS = 600;
    private static final double DELIVERED_SECONDS_MAX = 60;
    private static final double SLOWER_MAX = 1.5;
    private static final double NANOS_PER_SECOND = 1e9;

    private KafkaAway() {}

    static Report run(double minutes, double rate) {
        Report report = new Report(
                "2 Kafka away",
                "broker killed for %.1f min, %.0f changes/s due, 16 connections".formatted(minutes, rate));
        try (Stage stage = Stage.start(1)) {
            long before;
            long gone;
            long starting;
            long back;
            long ended;
            Load load = Load.open(stage.clients(), rate);
            try (load) {
                Wait.pause(WARM_UP_MS);
                before = System.nanoTime();
                Wait.pause(BEFORE_MS);
                gone = System.nanoTime();
                stage.platform.kafka().kill();
                report.progress("Kafka is gone");
                Wait.pause((long) (minutes * TimeUnit.MINUTES.toMillis(1)));
                report.figure("backlog before its return", AuditCheck.backlog(stage));
                starting = System.nanoTime();
                stage.platform.kafka().startAgain();
                back = System.nanoTime();
                report.progress("Kafka is back, backlog " + AuditCheck.backlog(stage));
                awaitDelivered(stage, report);
                Wait.pause(AFTER_MS);
                ended = System.nanoTime();
            }
            compare(report, load.samples(), before, gone, starting);
            report.figure("while it starts", Latencies.between(load.samples(), starting, back));
            report.figure("after", Latencies.between(load.samples(), back, ended));
            AuditCheck.check(stage, report);
        }
        return report.end();
    }

    /** The load goes on meanwhile: delivered is what was there when Kafka came back. */
    private static void awaitDelivered(Stage stage, Report report) {
        Timestamp returned = Timestamp.from(Instant.now());
        long start = System.nanoTime();
        Wait.within(
                GIVE_UP_SECONDS,
                () -> stage.number("SELECT count(*) FROM audit_unsent WHERE created_at <= ?", returned) == 0);
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        report.atMost("backlog delivered after its return in", seconds, DELIVERED_SECONDS_MAX, "s");
    }

    /** Not with the broker's start, a second JVM on the processors of the server: that is the harness's doing. */
    private static void compare(Report report, List<Load.Sample> samples, long before, long gone, long starting) {
        Latencies usual = Latencies.between(samples, before, gone);
        Latencies away = Latencies.between(samples, gone, starting);
        report.figure("before", usual);
        report.figure("while away", away);
        report.none(
                "requests that failed",
                Latencies.between(samples, Long.MIN_VALUE, Long.MAX_VALUE).failed());
        report.atMost("p99 while away / before", away.ms(0.99) / usual.ms(0.99), SLOWER_MAX, "");
    }
}
