package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.AuditCloudEvent;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.verify.Unreadable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends entries again, in order, with the ids they have, marked as a replay. */
final class Replayer implements AutoCloseable {
    /** So many are under way at once. */
    private static final int BATCH = 500;

    private final String topic;
    private final URI source;
    private final Producer<String, byte[]> producer;
    private final List<AuditEntry> entries = new ArrayList<>(BATCH);
    private final List<Future<RecordMetadata>> sends = new ArrayList<>(BATCH);
    private final List<String> refused = new ArrayList<>();
    private final Consumer<List<AuditEntry>> acknowledged;
    private long sent;

    /** @param acknowledged is told what the brokers have, batch by batch */
    Replayer(Producer<String, byte[]> producer, String topic, URI source, Consumer<List<AuditEntry>> acknowledged) {
        this.producer = producer;
        this.topic = topic;
        this.source = source;
        this.acknowledged = acknowledged;
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
                AuditCloudEvent.record(topic, entry.chain(), AuditCloudEvent.replay(entry, source));
        record.headers().add("replay", "true".getBytes(StandardCharsets.UTF_8));
        entries.add(entry);
        Future<RecordMetadata> answer = producer.send(record);
        sends.add(answer);
        // What has its answer at once was not taken: nothing is sent behind it before that is known.
        if (entries.size() == BATCH || answer.isDone()) {
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
    private static @Nullable KafkaException fault(Future<RecordMetadata> send) {
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
