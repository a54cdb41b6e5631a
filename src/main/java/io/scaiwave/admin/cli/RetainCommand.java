package io.scaiwave.admin.cli;

import io.cloudevents.jackson.JsonFormat;
import io.scaiwave.admin.audit.entry.AuditCloudEvent;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.audit.verify.Unreadable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Drops old months of the log, as the owner of the tables. */
@Command(
        name = "retain",
        sortOptions = false,
        description =
                "Drop the months of the log before one, as the role that owns the tables (SCAIWAVE_DB_MIGRATION_URL). "
                        + "The last entry of each chain that goes is signed and published first, so that verify can tell what was "
                        + "dropped from what was removed. Verify before you drop: afterwards these entries cannot be checked.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:dropped, or there was nothing to drop",
            "1:refused: something of it is still needed",
            "2:failed"
        })
final class RetainCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--before",
            required = true,
            paramLabel = "YYYY-MM",
            converter = Month.class,
            description = "The first month to keep.")
    private YearMonth before;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long PostgreSQL and Kafka may be silent. Default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds;

    RetainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws SQLException {
        CheckpointKeys keys = Signatures.ofEnvironment(console);
        if (keys == null) {
            throw new Unreadable("neither SCAIWAVE_AUDIT_SIGNING_KEYS nor SCAIWAVE_SECRET_KEYS is set");
        }
        String url = console.needed(
                console.setting("SCAIWAVE_DB_MIGRATION_URL", ""), "SCAIWAVE_DB_URL", "SCAIWAVE_DB_MIGRATION_URL");
        try (LogTables owner = LogTables.open(url, Duration.ofSeconds(timeoutSeconds))) {
            Retention.Dropped dropped = new Retention(owner.connection(), keys)
                    .dropBefore(before, "cli:" + System.getProperty("user.name"), this::publish);
            dropped.partitions().forEach(console.out()::println);
            console.out()
                    .printf(
                            "%d months dropped; %d chains go on from a signed floor%n",
                            dropped.partitions().size(), dropped.floors().size());
            return Cli.WHOLE;
        } catch (Retention.Refused e) {
            console.err().println("retain: " + e.getMessage());
            return Cli.NOT_WHOLE;
        }
    }

    private void publish(List<Checkpoint> floors) {
        String servers = console.setting("SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS", "");
        if (servers.isEmpty()) {
            console.err().println("no SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS: the floors stand in the database alone");
            return;
        }
        URI source = URI.create("/" + console.setting("SCAIWAVE_SERVER_NAME", "localhost"));
        String topic = Checkpoints.topic(console);
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Replayer.brokers(servers, Duration.ofSeconds(timeoutSeconds)),
                new StringSerializer(),
                new ByteArraySerializer())) {
            List<Future<?>> sends = new ArrayList<>();
            for (Checkpoint floor : floors) {
                ProducerRecord<String, byte[]> sent =
                        new ProducerRecord<>(topic, floor.topicKey(), AuditCloudEvent.bytes(floor, source));
                sent.headers().add("content-type", JsonFormat.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8));
                sends.add(producer.send(sent));
            }
            for (Future<?> send : sends) {
                send.get();
            }
        } catch (ExecutionException e) {
            throw new Unreadable("the floors could not be published, so nothing was dropped: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreadable("interrupted; nothing was dropped", e);
        }
    }

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
