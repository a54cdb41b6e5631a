package io.scaiwave.admin.stats;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.scaiwave.admin.testing.AuditTopic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The platform's side of the activity topic: sends events, and reads what was set aside. */
final class ActivityFeed implements AutoCloseable {
    static final String TOPIC = "scaiwave.activity.v1";
    static final String DEAD_LETTERS = "scaiwave.activity.v1.dlq";
    private static final Duration POLL = Duration.ofMillis(100);

    private static final TopicPartition LETTERS = new TopicPartition(DEAD_LETTERS, 0);

    private final String topic;
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, String> letters;
    private final List<ConsumerRecord<String, String>> read = new ArrayList<>();

    ActivityFeed(String bootstrapServers) {
        this(bootstrapServers, TOPIC);
    }

    /** To another topic; the dead letters are those of the usual one. */
    ActivityFeed(String bootstrapServers, String topic) {
        this.topic = topic;
        this.letters = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "fetch.max.wait.ms", AuditTopic.FETCH_WAIT_MS),
                new StringDeserializer(),
                new StringDeserializer());
        letters.assign(List.of(LETTERS));
        letters.seekToBeginning(List.of(LETTERS));
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5),
                new StringSerializer(),
                new StringSerializer());
    }

    /** A CloudEvent of a type after {@code io.scaiwave.}, with an id of its own. */
    static String event(String type, String tenantId, String data) {
        return event(type, tenantId, UUID.randomUUID().toString(), Instant.now().toString(), data);
    }

    static String event(String type, String tenantId, String id, String time, String data) {
        return """
                {"specversion": "1.0", "id": "%s", "source": "/rooms", "type": "io.scaiwave.%s", "time": "%s", \
                "datacontenttype": "application/json", "tenantid": "%s", "data": %s}""".formatted(id, type, time, tenantId, data);
    }

    static String room(String type) {
        return "{\"room_id\": \"r\", \"room_type\": \"%s\"}".formatted(type);
    }

    static String usage(String model, long input, long output) {
        return "{\"model\": \"%s\", \"input_tokens\": %d, \"output_tokens\": %d}".formatted(model, input, output);
    }

    static String storage(long bytes, long files) {
        return "{\"bytes_delta\": %d, \"files_delta\": %d}".formatted(bytes, files);
    }

    static String member(String id, String localId, String type) {
        return """
                {"id": "%s", "local_id": "%s", "server_name": "chat.example", "display_name": "Member %s", \
                "avatar_url": null, "participant_type": "%s"}""".formatted(id, localId, localId, type);
    }

    /** To the partition of that key; a header named origin goes with it. */
    @CanIgnoreReturnValue
    Future<RecordMetadata> send(String key, String value) {
        ProducerRecord<String, String> record = new ProducerRecord<>(topic, key, value);
        record.headers().add("origin", "feed".getBytes(StandardCharsets.UTF_8));
        return producer.send(record);
    }

    /** Where the last of the events stands, once the brokers have them all. */
    RecordMetadata sendAll(String key, List<String> values) {
        List<Future<RecordMetadata>> sent =
                values.stream().map(value -> send(key, value)).toList();
        try {
            return sent.get(sent.size() - 1).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void flush() {
        producer.flush();
    }

    /** All that was ever set aside. */
    List<ConsumerRecord<String, String>> deadLetters() {
        long end = letters.endOffsets(List.of(LETTERS)).get(LETTERS);
        while (letters.position(LETTERS) < end) {
            letters.poll(POLL).forEach(read::add);
        }
        return List.copyOf(read);
    }

    static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        letters.close();
        producer.close();
    }
}
