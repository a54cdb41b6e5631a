package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.kafka.BlockingClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads a topic from its beginning to what was its end at the start. */
final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final Duration timeout;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Progress progress;

    /** @param timeout how long the brokers may be silent */
    TopicReader(Config.Kafka kafka, Duration timeout, Progress progress) {
        this.bootstrapServers = kafka.bootstrapServers();
        this.timeout = timeout;
        this.progress = progress;
        this.consumer = BlockingClients.consumer(kafka, timeout);
    }

    /**
     * Passes on all records, tombstones excepted.
     *
     * @return false when there is no such topic
     * @throws Unreadable when the brokers do not answer in time
     */
    boolean read(String topic, Consumer<List<ConsumerRecord<String, byte[]>>> receiver) {
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                return false;
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            readTo(consumer.endOffsets(partitions), receiver);
            return true;
        } catch (TimeoutException e) {
            throw new Unreadable(silent(), e);
        }
    }

    private void readTo(Map<TopicPartition, Long> ends, Consumer<List<ConsumerRecord<String, byte[]>>> receiver) {
        long moved = System.nanoTime();
        long whole = sum(ends);
        long began = sum(consumer.beginningOffsets(ends.keySet()));
        while (!reached(ends)) {
            ConsumerRecords<String, byte[]> polled = consumer.poll(POLL);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>(polled.count());
            polled.forEach(each -> {
                // What came since is left for the next time: the reader has an end.
                if (each.value() != null
                        && each.offset() < ends.getOrDefault(new TopicPartition(each.topic(), each.partition()), 0L)) {
                    records.add(each);
                }
            });
            if (!polled.isEmpty()) {
                moved = System.nanoTime();
                progress.read(whole - left(ends) - began, whole - began);
                receiver.accept(records);
            } else if (System.nanoTime() - moved > timeout.toNanos() && !reached(ends)) {
                throw new Unreadable(silent());
            }
        }
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), timeout) >= end.getValue());
    }

    private long left(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey(), timeout)))
                .sum();
    }

    private static long sum(Map<TopicPartition, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    private String silent() {
        return "Kafka at %s did not answer within %d s".formatted(bootstrapServers, timeout.toSeconds());
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
