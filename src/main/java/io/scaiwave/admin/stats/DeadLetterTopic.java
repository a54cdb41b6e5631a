package io.scaiwave.admin.stats;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.kafka.ClientSettings;
import io.scaiwave.admin.kafka.Topics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The topic of what could not be counted, and its producer. To be used on one event loop only. */
final class DeadLetterTopic {
    private static final int MAX_BLOCK_MS = 2_000;
    private static final int REQUEST_TIMEOUT_MS = 2_000;
    private static final int DELIVERY_TIMEOUT_MS = 5_000;
    private static final long CLOSE_MS = 1_000;
    private static final int ADDED_BYTES = 64 << 10; // more than what is added to a record, and what a batch adds to it
    private static final long KEPT_MS = TimeUnit.DAYS.toMillis(90);

    private final Vertx vertx;
    private final Config.Kafka config;
    private @Nullable KafkaWriteStream<byte[], byte[]> producer;
    private boolean closed;

    DeadLetterTopic(Vertx vertx, Config.Kafka config) {
        this.vertx = vertx;
        this.config = config;
    }

    String name() {
        return config.activityTopic() + ".dlq";
    }

    /** Of a record that goes whole. */
    int bytesMax() {
        return config.recordBytesMax() - ADDED_BYTES;
    }

    /** Unless it is there. */
    Future<Void> create() {
        NewTopic topic = new NewTopic(name(), Optional.of(1), Optional.empty())
                .configs(Map.of(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(config.recordBytesMax()),
                        TopicConfig.RETENTION_MS_CONFIG, Long.toString(KEPT_MS)));
        return Topics.create(vertx, config, topic);
    }

    /** Made when it is first needed, and again when it has become useless. */
    private Future<KafkaWriteStream<byte[], byte[]>> producer() {
        if (producer != null) {
            return Future.succeededFuture(producer);
        }
        Map<String, Object> settings = Map.of(
                ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, config.recordBytesMax());
        return vertx.executeBlocking(() ->
                        ClientSettings.producer(config, settings, new ByteArraySerializer(), new ByteArraySerializer()))
                .compose(this::take);
    }

    /** One that was made for too long is not needed any more. */
    private Future<KafkaWriteStream<byte[], byte[]>> take(Producer<byte[], byte[]> made) {
        KafkaWriteStream<byte[], byte[]> fresh = KafkaWriteStream.create(vertx, made);
        if (closed || producer != null) {
            return fresh.close(0).compose(v -> Future.failedFuture("another producer is in use"));
        }
        fresh.exceptionHandler(e -> {}); // each send's own future reports it
        producer = fresh;
        return Future.succeededFuture(fresh);
    }

    /** What became of each once the brokers have answered for all of them; fails when the topic cannot be found. */
    Future<List<Future<?>>> send(List<ProducerRecord<byte[], byte[]>> records) {
        // Without the partitions each send would wait for them in its turn.
        return producer()
                .compose(ready -> ready.partitionsFor(name()).compose(v -> {
                    List<Future<?>> sent =
                            records.stream().<Future<?>>map(ready::send).toList();
                    return Future.join(sent).otherwiseEmpty().map(all -> sent);
                }))
                .onFailure(this::failed);
    }

    /** After a failure that another producer may not meet. */
    void failed(Throwable e) {
        if (producer != null && ClientSettings.isFatal(e)) {
            producer.close(0);
            producer = null;
        }
    }

    Future<Void> close() {
        closed = true;
        return producer == null ? Future.succeededFuture() : producer.close(CLOSE_MS);
    }
}
