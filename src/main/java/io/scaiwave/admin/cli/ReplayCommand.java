package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.PostgresUrl;
import io.scaiwave.admin.kafka.BlockingClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends entries of the log to the topic again. */
@Command(
        name = "replay",
        sortOptions = false,
        description = "Send entries of the log to the topic again, with the ids they have, as the same events with the "
                + "extension replay: true. That it was done is itself an entry of the chain (audit.replay).",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:all were acknowledged", "1:some were refused", "2:could not be read or sent"})
final class ReplayCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final Output output;

    @Mixin
    private final QuietOption quiet = new QuietOption();

    @Spec
    private CommandSpec spec;

    @Mixin
    private ChainsOption scope = new ChainsOption();

    @Option(names = "--from", paramLabel = "SEQ", description = "The first one to send.")
    private @Nullable Long from;

    @Option(names = "--to", paramLabel = "SEQ", description = "The last one to send.")
    private @Nullable Long to;

    @Option(
            names = "--parked",
            description = "Instead of a range: the entries that are parked, of these chains or of all.")
    private boolean parked;

    @Mixin
    private TimeoutOption patience = new TimeoutOption(8);

    ReplayCommand(Console console) {
        this.console = console;
        this.output = new Output(console);
    }

    @Override
    public Integer call() {
        ReplayStore.Range asked = asked();
        PostgresUrl url = console.database("db.url");
        Config.Kafka kafka = console.neededKafka();
        try (Progress progress = quiet.progress(console, output, "entries")) {
            return patience.pulse(url).during(() -> replay(asked, url, kafka, progress));
        }
    }

    private int replay(ReplayStore.@Nullable Range asked, PostgresUrl url, Config.Kafka kafka, Progress progress) {
        Duration timeout = patience.timeout();
        // The log is streamed through one connection, and what was acknowledged is noted through the other.
        try (LogTables log = LogTables.open(url, timeout).snapshot();
                LogTables notes = LogTables.open(url, timeout);
                Replayer replayer = new Replayer(
                        BlockingClients.producer(kafka, timeout),
                        kafka.auditTopic(),
                        console.source(),
                        done -> ReplayStore.unpark(notes, done))) {
            Map<String, ReplayStore.Range> ranges = ranges(log, asked);
            replayer.reach();
            ranges.forEach((chain, each) -> ReplayStore.audit(notes, chain, each));
            ReplayStore.entries(log, ranges, parked, entry -> {
                replayer.send(entry);
                progress.at(replayer.sent());
            });
            replayer.flush();
            progress.end();
            return report(replayer, ranges);
        }
    }

    /** Null: the entries that are parked. */
    private ReplayStore.@Nullable Range asked() {
        if (parked && from == null && to == null) {
            return null;
        }
        if (!parked
                && from != null
                && to != null
                && from >= 1
                && from <= to
                && scope.named().size() == 1) {
            return new ReplayStore.Range(from, to);
        }
        throw new ParameterException(
                spec.commandLine(), "Either --parked, or one --tenant or --chain with --from and --to");
    }

    private Map<String, ReplayStore.Range> ranges(LogTables log, ReplayStore.@Nullable Range asked) {
        Map<String, ReplayStore.Range> ranges = new TreeMap<>();
        if (asked == null) {
            ReplayStore.parked(log, scope, ranges);
        } else {
            String chain = scope.named().get(0);
            if (!ReplayStore.has(log, chain, asked)) {
                throw new Unreadable(
                        "the log has no entries %d to %d of %s".formatted(asked.from(), asked.to(), chain));
            }
            ranges.put(chain, asked);
        }
        return ranges;
    }

    private int report(Replayer replayer, Map<String, ReplayStore.Range> ranges) {
        List<String> refused = replayer.refused();
        output.print(new Result(ranges, replayer.sent(), refused), out -> {
            ranges.forEach((chain, each) -> out.printf("%s, seq %d-%d%n", chain, each.from(), each.to()));
            refused.forEach(out::println);
            out.printf("%d entries sent again, %d refused%n", replayer.sent(), refused.size());
        });
        return refused.isEmpty() ? ExitStatus.WHOLE : ExitStatus.NOT_WHOLE;
    }

    private record Result(Map<String, ReplayStore.Range> chains, long sent, List<String> refused) {}
}
