package io.scaiwave.example.consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Offsets and chains in one file, so that both are of the same moment. What was handled after the last save is handled again when
 * the process dies: a consumer whose work must be done exactly once saves both in the database that it works on, in one
 * transaction with the work.
 */
final class StateFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final String topic;
    private final String topicId;

    /** @param topicId another one when the topic was deleted and made again, whose offsets are of other records */
    StateFile(Path file, String topic, String topicId) {
        this.file = file;
        this.topic = topic;
        this.topicId = topicId;
    }

    /** Takes back the chains. The answer: where to go on in each partition; the beginning where nothing is known. */
    Map<TopicPartition, Long> load(ChainCheck chains, Collection<TopicPartition> partitions) throws IOException {
        JsonNode state = Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
        if (state.has("topic") && !state.path("topic").asText().equals(topic)) {
            throw new IOException(file + " is of the topic " + state.path("topic") + ", not of " + topic);
        }
        if (state.has("topic_id") && !state.path("topic_id").asText().equals(topicId)) {
            throw new IOException(file + " is of the topic " + topic + " that was deleted: it was made again. Begin another file");
        }
        chains.resume(state.path("chains"));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(each -> offsets.put(
                each, state.path("offsets").path(String.valueOf(each.partition())).asLong(0)));
        return offsets;
    }

    /** All of it or nothing, whenever the process ends. */
    void save(ChainCheck chains, Map<TopicPartition, Long> offsets) throws IOException {
        ObjectNode state = JSON.createObjectNode().put("topic", topic).put("topic_id", topicId);
        ObjectNode kept = state.putObject("offsets");
        offsets.forEach((partition, offset) -> kept.put(String.valueOf(partition.partition()), offset));
        state.set("chains", chains.state());
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.write(written, JSON.writeValueAsBytes(state));
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
