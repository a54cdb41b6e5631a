package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.PostgresUrl;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings entries that a restored database lacks back from the topic. */
@Command(
        name = "recover",
        sortOptions = false,
        description =
                "After PostgreSQL was restored from an older state: bring the entries that it lacks back from the topic, "
                        + "each checked by its hash and its place. That it was done is itself an entry of the chain (audit.recover). "
                        + "The changes that the entries tell of are not made again.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:every chain is as long as it was", "1:some are not, and say why", "2:could not be read"})
final class RecoverCommand implements Callable<Integer> {
    private static final int LINES_MAX = 1_000;

    private final Console console;

    @Mixin
    private final Output output;

    @Mixin
    private final QuietOption quiet = new QuietOption();

    @Mixin
    private ChainsOption scope = new ChainsOption();

    @Option(names = "--dry-run", description = "Change nothing; say what would be done.")
    private boolean dryRun;

    @Option(
            names = "--accept-loss",
            description = "Let a chain of which entries are nowhere go on behind the last one that is known of: "
                    + "the entry audit.recover then names those that are lost.")
    private boolean acceptLoss;

    @Mixin
    private TimeoutOption patience = new TimeoutOption(8);

    RecoverCommand(Console console) {
        this.console = console;
        this.output = new Output(console);
    }

    @Override
    public Integer call() {
        // Only the owner of the tables can write an entry that no event of the outbox tells of.
        PostgresUrl url = console.database(console.has("db.migrationUrl") ? "db.migrationUrl" : "db.url");
        Config.Kafka kafka = console.neededKafka();
        CheckpointKeys keys = Signatures.needed(console);
        try (Progress progress = quiet.progress(console, output, "entries")) {
            return patience.pulse(url).during(() -> recover(url, kafka, keys, progress));
        }
    }

    private int recover(PostgresUrl url, Config.Kafka kafka, CheckpointKeys keys, Progress progress) {
        Duration timeout = patience.timeout();
        try (TopicReader topics = new TopicReader(kafka, timeout, progress);
                LogTables tables = LogTables.open(url, timeout)) {
            Recovery recovery = new Recovery(scope, new RecoveryStore(tables, dryRun));
            topics.read(
                    kafka.checkpointTopic(),
                    records -> TopicEntries.checkpoints(
                            records, output::note, checkpoint -> signed(recovery, keys, checkpoint)));
            while (recovery.wantsMore()) {
                if (!topics.read(kafka.auditTopic(), records -> {
                    recovery.take(records);
                    progress.at(recovery.recovered());
                })) {
                    throw new Unreadable("there is no topic " + kafka.auditTopic());
                }
            }
            recovery.end(acceptLoss);
            progress.end();
            return report(recovery);
        }
    }

    private void signed(Recovery recovery, CheckpointKeys keys, Checkpoint checkpoint) {
        if (!checkpoint.kind().equals(Checkpoint.HEAD)) {
            return;
        }
        if (keys.knows(checkpoint.keyId()) && keys.verifies(checkpoint)) {
            recovery.signed(checkpoint);
        } else {
            recovery.unchecked(checkpoint);
            output.note("the checkpoint of %s is passed over: its signature cannot be checked or is false"
                    .formatted(checkpoint.chain()));
        }
    }

    private int report(Recovery recovery) {
        List<String> lines = recovery.lines();
        List<String> first = lines.stream().limit(LINES_MAX).toList();
        output.print(new Result(dryRun, recovery.recovered(), recovery.shorter(), first, lines.size()), out -> {
            first.forEach(out::println);
            if (lines.size() > LINES_MAX) {
                out.printf("and %d more lines%n", lines.size() - LINES_MAX);
            }
            out.printf(
                    "%d entries %s back; %d chains are shorter than they were%n",
                    recovery.recovered(), dryRun ? "would be brought" : "were brought", recovery.shorter());
        });
        return recovery.shorter() == 0 ? ExitStatus.WHOLE : ExitStatus.NOT_WHOLE;
    }

    private record Result(boolean dryRun, long recovered, int shorter, List<String> chains, int lineCount) {}
}
