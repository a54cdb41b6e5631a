package io.scaiwave.admin.faults;

import io.scaiwave.admin.testing.ProcessStatus;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Fault 13 without haste: a moderate rate for a long time, with a line a minute of what would show a leak. */
final class Soak {
    private static final double PER_SECOND = 50;
    private static final int MINUTES_TO_WARM_UP = 5;
    private static final double GROWTH_MAX = 1.5;
    private static final double P99 = 0.99;

    private final Stage stage;
    private final Report report;
    private final Api metrics;
    private double firstHeap;
    private double lastHeap;

    private Soak(Stage stage, Report report) {
        this.stage = stage;
        this.report = report;
        this.metrics = new Api(stage.node(0).port, Map.of());
    }

    static Report run(int minutes) {
        Report report =
                new Report("13 soak", "%.0f changes/s on 16 connections for %d min".formatted(PER_SECOND, minutes));
        try (Stage stage = Stage.start(1)) {
            new Soak(stage, report).soak(minutes);
            AuditCheck.check(stage, report);
        }
        return report.end();
    }

    private void soak(int minutes) {
        for (int minute = 1; minute <= minutes; minute++) {
            Load load = Load.open(stage.clients(), PER_SECOND);
            try (load) {
                Wait.pause(TimeUnit.MINUTES.toMillis(1));
            }
            Latencies seen = Latencies.between(load.samples(), Long.MIN_VALUE, Long.MAX_VALUE);
            report.none("requests that failed in minute " + minute, seen.failed());
            look(minute, seen);
        }
        if (minutes > MINUTES_TO_WARM_UP) {
            report.atMost("heap at the end / after 5 min", lastHeap / firstHeap, GROWTH_MAX, "");
        }
    }

    private void look(int minute, Latencies seen) {
        collectGarbage();
        String text = metrics.get("/metrics").expect(200).text();
        lastHeap = sum(text, "jvm_memory_used_bytes{area=\"heap\"") / (1 << 20);
        firstHeap = minute <= MINUTES_TO_WARM_UP ? lastHeap : firstHeap;
        String line = "RSS %d MiB, heap after GC %.1f MiB, connections %.0f, threads %d, backlog %d, p99 %.1f ms"
                .formatted(
                        ProcessStatus.mib(stage.node(0).pid()),
                        lastHeap,
                        sum(text, "admin_connections_open"),
                        ProcessStatus.threads(stage.node(0).pid()),
                        AuditCheck.backlog(stage),
                        seen.ms(P99));
        report.figure("minute " + minute, line);
        report.progress("minute %d: %s".formatted(minute, line));
    }

    private static double sum(String metrics, String prefix) {
        return metrics.lines()
                .filter(line -> line.startsWith(prefix))
                .filter(line -> !Character.isLetter(line.charAt(prefix.length())) && line.charAt(prefix.length()) != '_')
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private void collectGarbage() {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            new ProcessBuilder(jcmd, Long.toString(stage.node(0).pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
