package io.scaiwave.admin.stats;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.kafka.ClientSettings;
import io.scaiwave.admin.kafka.KafkaMeters;
import io.scaiwave.admin.kafka.Topics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaReadStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** The activity topic, read from where PostgreSQL says: no consumer group, no offsets in Kafka. One call at a time. */
final class ActivityTopic {
    private static final int TIMEOUT_MS = 5_000;

    private final Vertx vertx;
    private final Config.Kafka kafka;
    private final Config.Activity config;
    private final KafkaMeters meters;
    private @Nullable KafkaReadStream<byte[], byte[]> made;
    private boolean closed;

    ActivityTopic(Vertx vertx, Config.Kafka kafka, Config.Activity config, KafkaMeters meters) {
        this.vertx = vertx;
        this.kafka = kafka;
        this.config = config;
        this.meters = meters;
    }

    private static Map<String, Object> settings(Config.Activity config) {
        return Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none", // a place that is gone is looked for by ActivityPlaces
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                config.batch(),
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                config.batchBytes(),
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                config.partitionsMs(),
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                TIMEOUT_MS);
    }

    /** Made when it is first needed: Kafka's name need not resolve before. */
    private Future<KafkaReadStream<byte[], byte[]>> consumer() {
        if (made != null) {
            return Future.succeededFuture(made);
        }
        return vertx.executeBlocking(() -> ClientSettings.consumer(
                        kafka, settings(config), new ByteArrayDeserializer(), new ByteArrayDeserializer()))
                .compose(this::take);
    }

    /** One that was made for too long is not needed any more. */
    private Future<KafkaReadStream<byte[], byte[]>> take(Consumer<byte[], byte[]> fresh) {
        KafkaReadStream<byte[], byte[]> stream = KafkaReadStream.create(vertx, fresh);
        if (closed || made != null) {
            return stream.close().compose(v -> Future.failedFuture("another consumer is in use"));
        }
        made = stream;
        meters.of(fresh::metrics);
        return Future.succeededFuture(stream);
    }

    /** After a failure that another consumer may not meet. */
    void failed(Throwable e) {
        if (ClientSettings.isFatal(e)) {
            forget();
        }
    }

    /** What the consumer knows of the topic is not true any more. */
    void forget() {
        if (made != null) {
            made.close();
            made = null;
        }
    }

    Future<Void> create() {
        NewTopic activity = new NewTopic(kafka.activityTopic(), Optional.of(config.partitions()), Optional.empty());
        return Topics.create(vertx, kafka, activity);
    }

    Future<Topics.Found> describe() {
        return Topics.describe(vertx, kafka, kafka.activityTopic());
    }

    /** The first offset that each partition still has. */
    Future<Map<TopicPartition, Long>> beginnings(Set<Integer> partitions) {
        return consumer().compose(consumer -> consumer.beginningOffsets(partitions(partitions)));
    }

    /** @param offsets of each partition to read, the first one to come */
    Future<Void> readFrom(Map<Integer, Long> offsets) {
        return consumer().compose(consumer -> {
            Future<Void> placed = consumer.assign(partitions(offsets.keySet()));
            for (Map.Entry<Integer, Long> offset : offsets.entrySet()) {
                placed = placed.compose(v -> consumer.seek(partition(offset.getKey()), offset.getValue()));
            }
            return placed;
        });
    }

    /** What comes within a while, in the order of each partition; perhaps nothing. */
    Future<List<ConsumerRecord<byte[], byte[]>>> poll() {
        return consumer()
                .compose(consumer -> consumer.poll(Duration.ofMillis(config.pollMs())))
                .map(records -> {
                    List<ConsumerRecord<byte[], byte[]>> list = new ArrayList<>(records.count());
                    records.forEach(list::add);
                    return list;
                });
    }

    /** How many records of the assigned partitions have not been polled yet, as the last poll learned it. */
    Future<Long> lag(Set<Integer> partitions) {
        return consumer().map(consumer -> partitions.stream()
                .mapToLong(number ->
                        consumer.unwrap().currentLag(partition(number)).orElse(0))
                .sum());
    }

    /** Where each partition ends; fails when the brokers are away, which a poll does not. */
    Future<Map<TopicPartition, Long>> ends(Set<Integer> partitions) {
        return consumer().compose(consumer -> consumer.endOffsets(partitions(partitions)));
    }

    /** Whether everything before those offsets has come. */
    Future<Boolean> hasPassed(Map<TopicPartition, Long> ends) {
        return consumer().compose(consumer -> {
            List<Future<Boolean>> passed = ends.entrySet().stream()
                    .map(end -> consumer.position(end.getKey()).map(position -> position >= end.getValue()))
                    .toList();
            return Future.all(passed).map(all -> !all.<Boolean>list().contains(false));
        });
    }

    private Set<TopicPartition> partitions(Set<Integer> numbers) {
        return numbers.stream().map(this::partition).collect(Collectors.toSet());
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(kafka.activityTopic(), number);
    }

    Future<Void> close() {
        closed = true;
        return made == null ? Future.succeededFuture() : made.close();
    }
}
