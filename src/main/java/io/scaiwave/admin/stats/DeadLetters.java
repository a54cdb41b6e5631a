package io.scaiwave.admin.stats;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.kafka.ClientSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets aside the records that could not be counted, with the reason and where they stood. At least once, as all of Kafka. */
final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int MAX_BLOCK_MS = 2_000;
    private static final int REQUEST_TIMEOUT_MS = 5_000;
    private static final int DELIVERY_TIMEOUT_MS = 10_000;
    private static final long CLOSE_MS = 1_000;
    private static final int ADDED_BYTES = 64 << 10; // more than what is added to a record, and what a batch adds to it
    private static final long LOG_PAUSE_NS = TimeUnit.SECONDS.toNanos(10);

    private final String topic;
    private final int bytesMax;
    private final Counter counter;
    private final Vertx vertx;
    private final Config.Kafka config;
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private boolean closed;
    private long unlogged;
    private long logged = System.nanoTime() - LOG_PAUSE_NS;

    DeadLetters(Vertx vertx, Config.Kafka config, MeterRegistry meters) {
        topic = topic(config);
        bytesMax = config.recordBytesMax() - ADDED_BYTES;
        counter = Counter.builder("activity.dead.letters")
                .description("Records of the activity topic that could not be counted and were set aside")
                .register(meters);
        this.vertx = vertx;
        this.config = config;
    }

    static String topic(Config.Kafka config) {
        return config.activityTopic() + ".dlq";
    }

    /** Made when the first record is set aside, and again when it has become useless. */
    private Future<KafkaProducer<byte[], byte[]>> producer() {
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
    private Future<KafkaProducer<byte[], byte[]>> take(Producer<byte[], byte[]> made) {
        KafkaProducer<byte[], byte[]> fresh = KafkaProducer.create(vertx, made);
        if (closed || producer != null) {
            return fresh.close(0).compose(v -> Future.failedFuture("another producer is in use"));
        }
        fresh.exceptionHandler(e -> {}); // each send's own future reports it
        producer = fresh;
        return Future.succeededFuture(fresh);
    }

    private void failed(Throwable e) {
        if (producer != null && ClientSettings.isFatal(e)) {
            producer.close(0);
            producer = null;
        }
    }

    /** Completes when the brokers have acknowledged all of them. */
    Future<Void> send(List<Received> refused) {
        if (refused.isEmpty()) {
            return Future.succeededFuture();
        }
        // Without the partitions each send would wait for them in its turn.
        return producer()
                .compose(ready -> ready.partitionsFor(topic)
                        .compose(v -> Future.join(refused.stream()
                                .map(each -> ready.send(letter(each)))
                                .toList())))
                .onSuccess(v -> tell(refused))
                .onFailure(this::failed)
                .mapEmpty();
    }

    private KafkaProducerRecord<byte[], byte[]> letter(Received refused) {
        ConsumerRecord<byte[], byte[]> record = refused.record();
        boolean fits = bytes(record) <= bytesMax; // else only where it stands can be kept
        KafkaProducerRecord<byte[], byte[]> letter =
                KafkaProducerRecord.create(topic, fits ? record.key() : null, fits ? record.value() : null);
        if (fits) {
            record.headers()
                    .forEach(header -> letter.addHeader(
                            header.key(), header.value() == null ? null : Buffer.buffer(header.value())));
        }
        return letter.addHeader("reason", refused.refusal())
                .addHeader("topic", record.topic())
                .addHeader("partition", Integer.toString(record.partition()))
                .addHeader("offset", Long.toString(record.offset()));
    }

    private static long bytes(ConsumerRecord<byte[], byte[]> record) {
        long bytes = Math.max(0, record.serializedKeySize()) + (long) Math.max(0, record.serializedValueSize());
        for (Header header : record.headers()) {
            bytes += header.key().length() * 4L + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    private void tell(List<Received> refused) {
        counter.increment(refused.size());
        unlogged += refused.size();
        if (System.nanoTime() - logged > LOG_PAUSE_NS) {
            Received first = refused.get(0);
            LOG.warn(
                    "{} records set aside on {}, among them {}-{} at {}: {}",
                    unlogged,
                    topic,
                    first.record().topic(),
                    first.record().partition(),
                    first.record().offset(),
                    first.refusal());
            unlogged = 0;
            logged = System.nanoTime();
        }
    }

    Future<Void> close() {
        closed = true;
        return producer == null ? Future.succeededFuture() : producer.close(CLOSE_MS);
    }
}
