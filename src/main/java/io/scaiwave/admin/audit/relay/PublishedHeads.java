package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.verify.EntryReader;
import io.scaiwave.admin.audit.verify.Sighting;
import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.kafka.BlockingClients;
import io.scaiwave.admin.work.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Where the chains ended, as Kafka knows it: the signed heads of the compacted topic, and the entries that were published since.
 * Blocking, for a bounded time.
 */
final class PublishedHeads {
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long WHOLE_MS = 20_000;
    /** Of each partition, when many entries came since the last head was signed. */
    private static final long ENTRIES_MAX = 20_000;

    /** Where a chain was. */
    record Head(long seq, String hash) {}

    private final KafkaConsumer<String, byte[]> consumer;
    private final Deadline deadline = Deadline.in(WHOLE_MS);
    private final Map<String, Head> heads = new HashMap<>();
    private Instant newest = Instant.EPOCH;

    private PublishedHeads(KafkaConsumer<String, byte[]> consumer) {
        this.consumer = consumer;
    }

    /**
     * @param overlapMs entries that were published so long before the newest head was signed are read, too
     * @throws org.apache.kafka.common.KafkaException when the brokers do not answer in time
     */
    static Map<String, Head> read(Config.Kafka kafka, long overlapMs) {
        KafkaConsumer<String, byte[]> consumer = BlockingClients.consumer(kafka, ANSWER);
        try {
            PublishedHeads read = new PublishedHeads(consumer);
            read.signed(kafka.checkpointTopic());
            read.entries(kafka.auditTopic(), overlapMs);
            return read.heads;
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private void signed(String topic) {
        List<TopicPartition> partitions = partitions(topic);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        toTheEnd(topic, this::signed);
    }

    private void entries(String topic, long overlapMs) {
        List<TopicPartition> partitions = partitions(topic);
        consumer.assign(partitions);
        long since = newest.minusMillis(overlapMs).toEpochMilli();
        Map<TopicPartition, OffsetAndTimestamp> begin = consumer.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(each -> each, each -> Math.max(0, since))));
        consumer.endOffsets(partitions).forEach((partition, end) -> {
            OffsetAndTimestamp found = begin.get(partition);
            consumer.seek(partition, found == null ? end : Math.max(found.offset(), end - ENTRIES_MAX));
        });
        toTheEnd(topic, this::entry);
    }

    private List<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(found -> new TopicPartition(found.topic(), found.partition()))
                .toList();
    }

    private void toTheEnd(String topic, Consumer<ConsumerRecord<String, byte[]>> receiver) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (deadline.passed()) {
                throw new TimeoutException("reading " + topic + " takes too long");
            }
            consumer.poll(POLL).forEach(receiver);
        }
    }

    /** What is no head, a floor or a stranger's record, is passed over: verify judges those. */
    private void signed(ConsumerRecord<String, byte[]> record) {
        if (record.key() == null) {
            return;
        }
        if (record.value() == null) {
            heads.remove(record.key());
            return;
        }
        try {
            Checkpoint head = EntryReader.checkpoint(record.value(), 0, record.value().length, "");
            if (head.kind().equals(Checkpoint.HEAD) && head.chain().equals(record.key())) {
                heads.put(record.key(), new Head(head.seq(), head.hash()));
                Instant at = head.signedAt().toInstant();
                newest = at.isAfter(newest) ? at : newest;
            }
        } catch (Unreadable e) {
            // a stranger's
        }
    }

    /** What is no entry, or altered, is passed over too: the verb recover could not bring it back, and the chain would wait for ever. */
    private void entry(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return;
        }
        Sighting seen = EntryReader.entry(record.value(), 0, record.value().length, "");
        if (seen.fault().isEmpty() && seen.chain() != null) {
            heads.merge(
                    seen.chain(),
                    new Head(seen.seq(), seen.hash()),
                    (one, other) -> one.seq >= other.seq ? one : other);
        }
    }
}
