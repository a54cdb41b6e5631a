package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.verify.Unreadable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a topic from its beginning to what was its end at the start. */
final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int RECORDS_MAX = 1_000;
    private static final int PARTITION_BYTES = 4 << 20;

    private final String bootstrapServers;
    private final Duration timeout;
    private final KafkaConsumer<String, byte[]> consumer;

    /** @param timeout how long the brokers may be silent */
    TopicReader(String bootstrapServers, Duration timeout) {
        this.bootstrapServers = bootstrapServers;
        this.timeout = timeout;
        this.consumer = new KafkaConsumer<>(
                settings(bootstrapServers, timeout), new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> settings(String bootstrapServers, Duration timeout) {
        return Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) timeout.toMillis(),
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                (int) timeout.toMillis(),
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                RECORDS_MAX,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                PARTITION_BYTES,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
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
            throw silent(e);
        }
    }

    private void readTo(Map<TopicPartition, Long> ends, Consumer<List<ConsumerRecord<String, byte[]>>> receiver) {
        long moved = System.nanoTime();
        while (!reached(ends)) {
            ConsumerRecords<String, byte[]> polled = consumer.poll(POLL);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>(polled.count());
            polled.forEach(each -> {
                // What came since is left for the next time: the reader has an end.
                if (each.value() != null
                        && each.offset() < ends.get(new TopicPartition(each.topic(), each.partition()))) {
                    records.add(each);
                }
            });
            if (!polled.isEmpty()) {
                moved = System.nanoTime();
                receiver.accept(records);
            } else if (System.nanoTime() - moved > timeout.toNanos() && !reached(ends)) {
                throw silent(null);
            }
        }
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), timeout) >= end.getValue());
    }

    private Unreadable silent(Throwable cause) {
        return new Unreadable(
                "Kafka at %s did not answer within %d s".formatted(bootstrapServers, timeout.toSeconds()), cause);
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
    }
}
