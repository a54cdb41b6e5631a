package io.scaiwave.admin.audit.relay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.kafka.BlockingClients;
import io.scaiwave.admin.work.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** The newest head of each chain that the compacted topic of checkpoints has. Blocking, for a bounded time. */
final class PublishedHeads {
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long WHOLE_MS = 20_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where a chain was, as it was signed. */
    record Head(long seq, String hash) {}

    private PublishedHeads() {}

    /** @throws org.apache.kafka.common.KafkaException when the brokers do not answer in time */
    static Map<String, Head> read(Config.Kafka kafka) {
        Map<String, Head> heads = new HashMap<>();
        KafkaConsumer<String, byte[]> consumer = BlockingClients.consumer(kafka, ANSWER);
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(kafka.checkpointTopic()).stream()
                    .map(found -> new TopicPartition(found.topic(), found.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Deadline deadline = Deadline.in(WHOLE_MS);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (deadline.passed()) {
                    throw new TimeoutException("reading " + kafka.checkpointTopic() + " takes too long");
                }
                consumer.poll(POLL).forEach(record -> add(heads, record));
            }
            return heads;
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    /** What is no head, a floor or a stranger's record, is passed over: verify judges those. */
    private static void add(Map<String, Head> heads, ConsumerRecord<String, byte[]> record) {
        if (record.key() == null) {
            return;
        }
        if (record.value() == null) {
            heads.remove(record.key());
            return;
        }
        try {
            JsonNode data = JSON.readTree(record.value()).path("data");
            if (data.path("kind").asText().equals(Checkpoint.HEAD)
                    && data.path("chain").asText().equals(record.key())) {
                heads.put(
                        record.key(),
                        new Head(data.path("seq").asLong(), data.path("hash").asText()));
            }
        } catch (IOException e) {
            // no JSON
        }
    }
}
