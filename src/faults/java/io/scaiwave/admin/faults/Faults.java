package io.scaiwave.admin.faults;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/** Does to real processes what must not cost the audit trail a record, checks that it did not, and prints the figures. */
public final class Faults {
    private static final long FROZEN_SECONDS = 15;

    private static final Map<Integer, Function<Options, Report>> PROOFS = new TreeMap<>(Map.ofEntries(
            Map.entry(1, options -> KilledServer.run(options.kills())),
            Map.entry(2, options -> KafkaAway.run(options.minutes(), options.rate())),
            Map.entry(3, options -> PostgresStopped.run(options.stops())),
            Map.entry(4, options -> HeldTransaction.run(options.holdSeconds())),
            Map.entry(5, options -> FrozenNode.run(options.freezes(), FROZEN_SECONDS)),
            Map.entry(6, options -> Tampered.run()),
            Map.entry(7, options -> GreedyTenant.run(options.entries(), options.seconds(), GreedyTenant.P99_MS_MAX)),
            Map.entry(8, options -> PostgresSilent.run(options.silentSeconds())),
            Map.entry(9, options -> PostgresReadOnly.run(options.silentSeconds())),
            Map.entry(10, options -> WrongClock.run(options.faketime())),
            Map.entry(11, options -> Restored.run()),
            Map.entry(12, options -> RollingRestart.run(options.restarts())),
            Map.entry(13, Faults::overload),
            Map.entry(14, options -> DiskFull.run(options.silentSeconds()))));

    private Faults() {}

    /** The arguments, or system properties of these names: {@code faults=1,4 kills=50 minutes=2 stops=10 hold=20 freezes=2 rate=100 entries=200000 seconds=20 restarts=3 silent=20 connections=40 soak=30m}. */
    public static void main(String[] args) {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
        Options options = Options.read(args);
        List<Report> reports = new ArrayList<>();
        for (int fault : options.faults()) {
            reports.add(proof(fault, options));
        }
        System.out.println(Report.table(reports));
        boolean holds = reports.stream().allMatch(report -> report.violations().isEmpty());
        long skipped = reports.stream().filter(Report::isSkipped).count();
        System.out.println(holds ? "All proofs that were tried hold; skipped: " + skipped : "NOT ALL PROOFS HOLD.");
        System.out.flush();
        System.exit(holds ? 0 : 1);
    }

    private static Report overload(Options options) {
        if (options.soakMinutes() > 0) {
            return Soak.run(options.soakMinutes());
        }
        return Overload.run(options.connections(), options.seconds());
    }

    /** One that breaks down does not keep the others from their turn, and does not hold. */
    private static Report proof(int fault, Options options) {
        try {
            return PROOFS.get(fault).apply(options);
        } catch (RuntimeException e) {
            e.printStackTrace();
            Report report = new Report(Integer.toString(fault), "did not come to its end");
            report.violated(e.toString());
            return report.end();
        }
    }
}
