package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.AuditCloudEvent;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.PostgresUrl;
import io.scaiwave.admin.kafka.BlockingClients;
import java.net.URI;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Drops old months of the log, as the owner of the tables. */
@Command(
        name = "retain",
        sortOptions = false,
        description =
                "Drop the months of the log before one, as the role that owns the tables (SCAIWAVE_DB_MIGRATION_URL). "
                        + "The last entry of each chain that goes is signed and published first, so that verify can tell what was "
                        + "dropped from what was removed. Verify before dropping: afterwards these entries cannot be checked.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:dropped, or there was nothing to drop",
            "1:refused: something of it is still needed",
            "2:failed"
        })
final class RetainCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final Output output;

    @Option(
            names = "--before",
            required = true,
            paramLabel = "YYYY-MM",
            converter = Month.class,
            description = "The first month to keep.")
    @SuppressWarnings("NullAway.Init") // picocli sets what is required, or refuses the command line
    private YearMonth before;

    @Mixin
    private TimeoutOption patience = new TimeoutOption(60);

    RetainCommand(Console console) {
        this.console = console;
        this.output = new Output(console);
    }

    @Override
    public Integer call() throws SQLException {
        CheckpointKeys keys = Signatures.needed(console);
        PostgresUrl url = console.database(console.has("db.migrationUrl") ? "db.migrationUrl" : "db.url");
        try {
            Retention.Dropped dropped = patience.pulse(url).during(() -> drop(url, keys));
            output.print(new Result(dropped.partitions(), dropped.floors().size()), out -> {
                dropped.partitions().forEach(out::println);
                out.printf(
                        "%d months dropped; %d chains begin at a signed floor now%n",
                        dropped.partitions().size(), dropped.floors().size());
            });
            return ExitStatus.WHOLE;
        } catch (Retention.Refused e) {
            throw new Refusal(e);
        }
    }

    private Retention.Dropped drop(PostgresUrl url, CheckpointKeys keys) throws SQLException {
        try (LogTables owner = LogTables.open(url, patience.timeout())) {
            return new Retention(owner.connection(), keys, console.kafka().enabled()).dropBefore(before, this::publish);
        }
    }

    private void publish(List<Checkpoint> floors) {
        Config.Kafka kafka = console.kafka();
        if (!kafka.enabled()) {
            output.note("%s is not set: the floors stand in the database alone"
                    .formatted(console.settings().name("kafka.bootstrapServers")));
            return;
        }
        URI source = console.source();
        try (Producer<String, byte[]> producer = BlockingClients.producer(kafka, patience.timeout())) {
            // Else each floor would wait for a topic that is not there, with the log's tables locked.
            producer.partitionsFor(kafka.checkpointTopic());
            List<Future<?>> sends = new ArrayList<>();
            for (Checkpoint floor : floors) {
                sends.add(producer.send(AuditCloudEvent.record(
                        kafka.checkpointTopic(), floor.topicKey(), AuditCloudEvent.bytes(floor, source))));
            }
            for (Future<?> send : sends) {
                send.get();
            }
        } catch (TimeoutException e) {
            throw new Unreadable(
                    "Kafka did not answer in time, or has no topic %s: nothing was dropped"
                            .formatted(kafka.checkpointTopic()),
                    e);
        } catch (ExecutionException e) {
            throw new Unreadable("the floors could not be published, so nothing was dropped: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreadable("interrupted; nothing was dropped", e);
        }
    }

    private record Result(List<String> months, int floors) {}

    static final class Month implements ITypeConverter<YearMonth> {
        @Override
        public YearMonth convert(String text) {
            try {
                return YearMonth.parse(text);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException("'" + text + "' is not a month such as 2026-01");
            }
        }
    }
}
