package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.verify.ChainVerifier;
import io.scaiwave.admin.audit.verify.EntryReader;
import io.scaiwave.admin.audit.verify.Pipeline;
import io.scaiwave.admin.audit.verify.SignedCheckpoints;
import io.scaiwave.admin.audit.verify.Tolerance;
import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.PostgresUrl;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks that the audit trail is whole: nothing altered, removed, exchanged or cut off. */
@Command(
        name = "verify",
        sortOptions = false,
        description = "Check that the audit trail is whole: nothing altered, removed, exchanged or cut off.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:whole", "1:not whole; says where and why", "2:could not be read"})
final class VerifyCommand implements Callable<Integer> {
    static final class Source {
        @Option(
                names = "--file",
                paramLabel = "F",
                description =
                        "An NDJSON export, or a file of the topic's CloudEvents, one a line; - is standard input.")
        private @Nullable String file;

        @Option(
                names = "--db",
                arity = "0..1",
                fallbackValue = "",
                paramLabel = "URL",
                description = "The database; without a URL that of SCAIWAVE_DB_URL.")
        private @Nullable String database;

        @Option(
                names = "--kafka",
                arity = "0..1",
                fallbackValue = "",
                paramLabel = "BOOTSTRAP",
                description =
                        "The topic SCAIWAVE_AUDIT_TOPIC; without servers those of SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS.")
        private String kafka = "";
    }

    private final Console console;

    @Mixin
    private final Output output;

    @Mixin
    private final QuietOption quiet = new QuietOption();

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Mixin
    private ChainsOption scope = new ChainsOption();

    @Option(
            names = "--checkpoints",
            paramLabel = "FILE",
            description = "Signed checkpoints, or the CloudEvents of their topic, one a line.")
    private @Nullable String checkpointFile;

    @Option(names = "--no-topic-checkpoints", description = "Do not read the checkpoints' topic.")
    private boolean noTopicCheckpoints;

    @Option(
            names = "--public-key",
            paramLabel = "ID=BASE64",
            description = "A key that checkpoints are signed with, as the verb keys prints it. May be repeated. The "
                    + "keys of SCAIWAVE_AUDIT_SIGNING_KEYS or SCAIWAVE_SECRET_KEYS are known too, if set.")
    private Map<String, String> publicKeys = new LinkedHashMap<>();

    @Option(
            names = "--partial",
            description = "The entries may begin anywhere, as those of an export with a filter on time do.")
    private boolean partial;

    @Option(
            names = "--accept-losses",
            description = "Entries that were lost in a restore are no problem, if an entry of their chain says so.")
    private boolean acceptLosses;

    @Option(names = "--heads", description = "Print the last entry of each chain: its seq and hash.")
    private boolean heads;

    @Mixin
    private TimeoutOption patience = new TimeoutOption(8);

    private Progress progress = Progress.none();

    VerifyCommand(Console console) {
        this.console = console;
        this.output = new Output(console);
    }

    @Override
    public Integer call() {
        try (Progress shown = quiet.progress(console, output, "entries")) {
            progress = shown;
            return verify();
        }
    }

    private int verify() {
        ChainVerifier verifier = new ChainVerifier(source.database == null);
        SignedCheckpoints signed = new SignedCheckpoints(Signatures.of(publicKeys, console), verifier);
        Consumer<Checkpoint> checkpoints = checkpoint -> {
            if (scope.has(checkpoint.chain())) {
                signed.add(checkpoint);
            }
        };
        if (checkpointFile != null) {
            new LineFile(checkpointFile, console.in(), Progress.none())
                    .read(chunk -> chunk.read(EntryReader::checkpoint).forEach(checkpoints));
        }
        try (Pipeline pipeline = new Pipeline(entry -> {
            if (entry.chain() == null || scope.has(entry.chain())) {
                verifier.accept(entry);
            }
            progress.at(verifier.entries());
        })) {
            readEntries(pipeline, verifier, checkpoints);
            pipeline.finish();
        }
        progress.end();
        return report(verifier, signed, progress.seconds());
    }

    private void readEntries(Pipeline pipeline, ChainVerifier verifier, Consumer<Checkpoint> checkpoints) {
        Duration timeout = patience.timeout();
        if (source.file != null) {
            new LineFile(source.file, console.in(), progress)
                    .read(chunk -> pipeline.submit(() -> chunk.read(EntryReader::entry)));
        } else if (source.database != null) {
            PostgresUrl url = console.database(source.database, "--db");
            readDatabase(url, new DatabaseSource(scope, pipeline, verifier, progress), checkpoints, timeout);
        } else {
            readTopic(pipeline, checkpoints, timeout);
        }
    }

    private void readDatabase(
            PostgresUrl url, DatabaseSource database, Consumer<Checkpoint> checkpoints, Duration timeout) {
        // The topic first: what it says of the log is then in the snapshot.
        if (!noTopicCheckpoints && console.has("kafka.bootstrapServers")) {
            Config.Kafka kafka = console.kafka();
            try (TopicReader topics = new TopicReader(kafka, timeout, Progress.none())) {
                readCheckpoints(topics, kafka.checkpointTopic(), checkpoints);
            }
        }
        patience.pulse(url).during(() -> {
            try (LogTables tables = LogTables.open(url, timeout).snapshot()) {
                tables.checkpoints("audit_checkpoints", Checkpoint.HEAD, checkpoints);
                tables.checkpoints("audit_floors", Checkpoint.FLOOR, checkpoints);
                database.read(tables);
                return true;
            }
        });
    }

    private void readTopic(Pipeline pipeline, Consumer<Checkpoint> checkpoints, Duration timeout) {
        String servers = console.needed(source.kafka, "--kafka", "kafka.bootstrapServers");
        Config.Kafka kafka = console.kafka().at(servers);
        try (TopicReader topics = new TopicReader(kafka, timeout, progress)) {
            if (!noTopicCheckpoints) {
                readCheckpoints(topics, kafka.checkpointTopic(), checkpoints);
            }
            TopicEntries.read(topics, kafka.auditTopic(), pipeline);
        }
    }

    private void readCheckpoints(TopicReader topics, String topic, Consumer<Checkpoint> checkpoints) {
        boolean there = topics.read(topic, records -> TopicEntries.checkpoints(records, output::note, checkpoints));
        if (!there) {
            output.note("there is no topic " + topic + ": no checkpoints from there");
        }
    }

    private int report(ChainVerifier verifier, SignedCheckpoints signed, double seconds) {
        VerifyResult result =
                VerifyResult.of(verifier, verifier.finish(new Tolerance(partial, acceptLosses)), signed, seconds);
        if (verifier.entries() == 0 && result.whole() && !scope.all()) {
            throw new Unreadable("there are no entries of " + String.join(", ", scope.named()));
        }
        if (verifier.entries() == 0 && verifier.unreadableCount() > 0) {
            throw new Unreadable(
                    "there is no audit entry in it: " + verifier.unreadable().get(0));
        }
        List<String> ends = heads ? verifier.heads() : List.of();
        output.print(heads ? new VerifyResult.WithHeads(result, ends) : result, out -> {
            result.say(out);
            ends.forEach(out::println);
        });
        return result.whole() ? ExitStatus.WHOLE : ExitStatus.NOT_WHOLE;
    }
}
