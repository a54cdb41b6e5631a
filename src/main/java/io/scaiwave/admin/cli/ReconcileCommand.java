package io.scaiwave.admin.cli;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.PostgresUrl;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the log in the database with the topic. */
@Command(
        name = "reconcile",
        sortOptions = false,
        description =
                "Compare the log in the database (SCAIWAVE_DB_URL) with the topic (SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS, "
                        + "SCAIWAVE_AUDIT_TOPIC): what either lacks, and what differs.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:equal, but for what waits to be sent", "1:not equal", "2:could not be read"})
final class ReconcileCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final Output output;

    @Mixin
    private final QuietOption quiet = new QuietOption();

    @Mixin
    private ChainsOption scope = new ChainsOption();

    @Option(names = "--from", paramLabel = "SEQ", defaultValue = "1", description = "The first seq to compare.")
    private long from;

    @Option(names = "--to", paramLabel = "SEQ", description = "The last seq to compare; without it the chain's last.")
    private long to = Long.MAX_VALUE;

    @Mixin
    private TimeoutOption patience = new TimeoutOption(8);

    ReconcileCommand(Console console) {
        this.console = console;
        this.output = new Output(console);
    }

    @Override
    public Integer call() {
        PostgresUrl url = console.database("db.url");
        Config.Kafka kafka = console.neededKafka();
        try (Progress progress = quiet.progress(console, output, "entries")) {
            return patience.pulse(url).during(() -> reconcile(url, kafka, progress));
        }
    }

    private int reconcile(PostgresUrl url, Config.Kafka kafka, Progress progress) {
        Duration timeout = patience.timeout();
        try (TopicReader topics = new TopicReader(kafka, timeout, progress);
                LogTables tables = LogTables.open(url, timeout).snapshot()) {
            Reconciler reconciler = new Reconciler(scope, from, to, progress);
            reconciler.readWaiting(tables);
            reconciler.readTopic(topics, kafka.auditTopic());
            reconciler.compare(tables);
            return report(reconciler, progress);
        }
    }

    private int report(Reconciler reconciler, Progress progress) {
        progress.end();
        Differences differences = reconciler.differences();
        Result result = new Result(
                differences.equal(),
                differences.ranges(),
                differences.count(),
                differences.remarks(),
                reconciler.inDatabase(),
                reconciler.onTopic(),
                reconciler.repeats(),
                progress.seconds());
        output.print(result, out -> {
            out.println(result.equal ? "equal" : "NOT EQUAL");
            differences.lines().forEach(out::println);
            out.printf(
                    Locale.ROOT,
                    "%,d entries in the database, %,d on the topic, %,d of them repeats; %.1f s%n",
                    result.inDatabase,
                    result.onTopic,
                    result.repeats,
                    result.seconds);
        });
        return result.equal ? ExitStatus.WHOLE : ExitStatus.NOT_WHOLE;
    }

    private record Result(
            boolean equal,
            List<Differences.Difference> differences,
            long differenceCount,
            List<String> remarks,
            long inDatabase,
            long onTopic,
            long repeats,
            double seconds) {}
}
