package io.scaiwave.admin;

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
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the audit topic from its beginning, as a consumer of the product does; each event is held against asyncapi.yaml. */
public final class AuditTopic {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(100);

    public record Event(String key, Map<String, String> headers, JsonNode value) {}

    private AuditTopic() {}

    /** All events of a chain, in the order of the topic; waits until there are so many or the time is up. */
    public static List<Event> read(String bootstrapServers, String chain, int count, Duration atMost) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class,
                "auto.offset.reset",
                "earliest");
        List<Event> found = new ArrayList<>();
        long until = System.nanoTime() + atMost.toNanos();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions = consumer.partitionsFor("scaiwave.admin.audit.v1").stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (found.size() < count && System.nanoTime() < until) {
                for (ConsumerRecord<String, String> each : consumer.poll(POLL)) {
                    if (each.key().equals(chain)) {
                        found.add(event(each));
                    }
                }
            }
        }
        return found;
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
            return new Event(each.key(), headers, value);
        } catch (IOException e) {
            throw new IllegalStateException("an event that is not JSON: " + each.value(), e);
        }
    }
}
