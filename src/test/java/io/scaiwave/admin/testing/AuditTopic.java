package io.scaiwave.admin.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the audit topic from its beginning, as a consumer of the product does; each event is held against asyncapi.yaml. */
public final class AuditTopic {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(100);

    /** A broker answers one request of a connection at a time: what comes next, also the close, waits for an empty fetch. */
    public static final int FETCH_WAIT_MS = 20;

    /** @param bytes of the key, the headers and the value together */
    public record Event(String key, Map<String, String> headers, JsonNode value, int bytes) {}

    private AuditTopic() {}

    /** All events of a chain, in the order of the topic; waits until there are so many or the time is up. */
    public static List<Event> read(String bootstrapServers, String chain, int count, Duration atMost) {
        List<Event> found = new ArrayList<>();
        long until = System.nanoTime() + atMost.toNanos();
        try (KafkaConsumer<String, String> consumer = atBeginning(bootstrapServers, "scaiwave.admin.audit.v1")) {
            while (found.size() < count && System.nanoTime() < until) {
                poll(consumer, chain, found);
            }
        }
        return found;
    }

    /** All events of a key that a topic holds now. */
    public static List<Event> readAll(String bootstrapServers, String topic, String key) {
        List<Event> found = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = atBeginning(bootstrapServers, topic)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                poll(consumer, key, found);
            }
        }
        return found;
    }

    private static void poll(KafkaConsumer<String, String> consumer, String key, List<Event> found) {
        for (ConsumerRecord<String, String> each : consumer.poll(POLL)) {
            if (each.key().equals(key)) {
                found.add(event(each));
            }
        }
    }

    private static KafkaConsumer<String, String> atBeginning(String bootstrapServers, String topic) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class,
                "auto.offset.reset",
                "earliest",
                "fetch.max.wait.ms",
                FETCH_WAIT_MS);
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings);
        // The server makes its topics when it first has something to send.
        List<TopicPartition> partitions = Wait.soon(
                () -> consumer.partitionsFor(topic).stream()
                        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                        .toList(),
                found -> !found.isEmpty());
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static Event event(ConsumerRecord<String, String> each) {
        Map<String, String> headers = new java.util.HashMap<>();
        each.headers()
                .forEach(header ->
                        headers.put(header.key(), new String(header.value(), java.nio.charset.StandardCharsets.UTF_8)));
        try {
            JsonNode value = JSON.readTree(each.value());
            assertThat(AsyncApi.published().undescribed(value.path("type").asText(), value))
                    .as("asyncapi.yaml on %s", value)
                    .isEmpty();
            int bytes = each.serializedKeySize() + each.serializedValueSize();
            for (Header header : each.headers()) {
                bytes += header.key().length() + header.value().length;
            }
            return new Event(each.key(), headers, value, bytes);
        } catch (IOException e) {
            throw new IllegalStateException("an event that is not JSON: " + each.value(), e);
        }
    }
}
