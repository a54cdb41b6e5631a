package io.scaiwave.admin.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The topic held against the log: each entry at least once and unaltered, in each chain first in the order of seq. */
final class TopicCheck {
    private static final String TOPIC = "scaiwave.admin.audit.v1";
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long READ_SECONDS = 300;

    private final LogCheck log;
    private final Map<String, Long> heads = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private long events;
    private long disorder;
    private long altered;
    private long strangers;

    private TopicCheck(LogCheck log) {
        this.log = log;
    }

    static void of(Stage stage, LogCheck log, Report report) {
        TopicCheck check = new TopicCheck(log);
        check.read(stage.platform.kafka().bootstrapServers());
        report.figure("events on the topic", check.events);
        report.figure("repeats on the topic", check.events - check.strangers - check.seen.size());
        report.none("entries that are not on the topic", log.lines.size() - check.seen.size());
        report.none("events on the topic that are not in the log", check.strangers);
        report.none("events that differ from their entry", check.altered);
        report.none("first occurrences out of the order of seq", check.disorder);
    }

    private void read(String bootstrapServers) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class,
                "max.poll.records",
                5_000);
        long deadline = System.nanoTime() + Duration.ofSeconds(READ_SECONDS).toNanos();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(each -> new TopicPartition(TOPIC, each.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the topic cannot be read to its end");
                }
                consumer.poll(POLL).forEach(this::event);
            }
        }
    }

    private void event(ConsumerRecord<String, String> kafkaRecord) {
        events++;
        JsonNode event = LogCheck.parsed(kafkaRecord.value());
        ObjectNode entry = (ObjectNode) event.path("data");
        String id = event.path("id").asText();
        LogCheck.Line line = log.lines.get(id);
        if (line == null) {
            strangers++;
            return;
        }
        String hash = entry.remove("hash").asText();
        boolean same = hash.equals(line.hash())
                && entry.path("id").asText().equals(id)
                && LogCheck.hash(entry.toString()).equals(hash)
                && kafkaRecord.key().equals(line.chain());
        altered += same ? 0 : 1;
        if (seen.add(id)) {
            disorder += line.seq() == heads.getOrDefault(line.chain(), 0L) + 1 ? 0 : 1;
            heads.put(line.chain(), line.seq());
        }
    }
}
