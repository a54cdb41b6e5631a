package io.scaiwave.admin.cli;

import io.cloudevents.jackson.JsonFormat;
import io.scaiwave.admin.audit.entry.AuditCloudEvent;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.verify.Unreadable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends entries again, in order, with the ids they have, marked as a replay. */
final class Replayer implements AutoCloseable {
    /** So many are under way at once. */
    private static final int BATCH = 500;

    /** The topic says how large a record may be, not we. */
    private static final int RECORD_BYTES_MAX = 64 << 20;

    private final String topic;
    private final URI source;
    private final KafkaProducer<String, byte[]> producer;
    private final List<AuditEntry> entries = new ArrayList<>(BATCH);
    private final List<Future<RecordMetadata>> sends = new ArrayList<>(BATCH);
    private final List<String> refused = new ArrayList<>();
    private final java.util.function.Consumer<List<AuditEntry>> acknowledged;
    private long sent;

    /** @param acknowledged is told what the brokers have, batch by batch */
    Replayer(
            Map<String, Object> brokers,
            String topic,
            URI source,
            java.util.function.Consumer<List<AuditEntry>> acknowledged) {
        this.topic = topic;
        this.source = source;
        this.acknowledged = acknowledged;
        this.producer = new KafkaProducer<>(brokers, new StringSerializer(), new ByteArraySerializer());
    }

    static Map<String, Object> brokers(String bootstrapServers, Duration timeout) {
        int millis = (int) timeout.toMillis();
        return Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                millis,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                millis,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                3 * millis,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                2L * RECORD_BYTES_MAX,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                RECORD_BYTES_MAX);
    }

    /** @throws Unreadable when the brokers do not answer, or have no such topic */
    void reach() {
        try {
            producer.partitionsFor(topic);
        } catch (TimeoutException e) {
            throw new Unreadable("Kafka did not answer in time, or has no topic " + topic, e);
        }
    }

    void send(AuditEntry entry) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, entry.chain(), AuditCloudEvent.bytes(entry, source, true));
        record.headers()
                .add("content-type", JsonFormat.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8))
                .add("replay", "true".getBytes(StandardCharsets.UTF_8));
        entries.add(entry);
        sends.add(producer.send(record));
        if (entries.size() == BATCH) {
            flush();
        }
    }

    /** Waits for what is under way. */
    void flush() {
        producer.flush();
        List<AuditEntry> done = new ArrayList<>(entries.size());
        KafkaException lost = null;
        for (int i = 0; i < entries.size(); i++) {
            KafkaException fault = fault(sends.get(i));
            if (fault == null) {
                done.add(entries.get(i));
            } else if (fault instanceof RetriableException) {
                lost = fault;
            } else {
                refused.add("%s, seq %d: refused: %s"
                        .formatted(entries.get(i).chain(), entries.get(i).seq(), fault.getMessage()));
            }
        }
        entries.clear();
        sends.clear();
        sent += done.size();
        acknowledged.accept(done);
        if (lost != null) {
            throw new Unreadable(
                    "%d entries were sent, then Kafka did not answer: %s".formatted(sent, lost.getMessage()));
        }
    }

    /** Null when the brokers have acknowledged it. */
    private static KafkaException fault(Future<RecordMetadata> send) {
        try {
            send.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause() instanceof KafkaException reason ? reason : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreadable("interrupted", e);
        }
    }

    long sent() {
        return sent;
    }

    /** What the brokers do not take, such as a record that is too large for the topic. */
    List<String> refused() {
        return refused;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
