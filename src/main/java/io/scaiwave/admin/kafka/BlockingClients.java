package io.scaiwave.admin.kafka;

import io.scaiwave.admin.config.Config;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's own clients for the command-line verbs: blocking, and failing when the brokers are silent for the timeout. */
public final class BlockingClients {
    private static final int RECORDS_MAX = 1_000;
    private static final int PARTITION_BYTES = 4 << 20;

    /** Large enough for any topic: the topic itself says how large a record may be. */
    private static final int RECORD_BYTES_MAX = 64 << 20;

    private static final int DELIVERY_TIMEOUTS = 3;

    private BlockingClients() {}

    public static Producer<String, byte[]> producer(Config.Kafka kafka, Duration timeout) {
        int millis = millis(timeout);
        Map<String, Object> settings = Map.of(
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                millis,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                millis,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                DELIVERY_TIMEOUTS * millis,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                2L * RECORD_BYTES_MAX,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                RECORD_BYTES_MAX);
        return ClientSettings.producer(kafka, settings, new StringSerializer(), new ByteArraySerializer());
    }

    /** A consumer without a group, which reads from where it is told. */
    public static KafkaConsumer<String, byte[]> consumer(Config.Kafka kafka, Duration timeout) {
        int millis = millis(timeout);
        Map<String, Object> settings = Map.of(
                CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, millis,
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, millis,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_MAX,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_BYTES,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return ClientSettings.consumer(kafka, settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static int millis(Duration timeout) {
        return Math.toIntExact(timeout.toMillis());
    }
}
