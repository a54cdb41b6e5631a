package io.scaiwave.admin.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.audit.entry.HashChain;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.testing.ChainGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A log as lines, and the checkpoints that an auditor kept of it. */
record Trail(List<String> lines, List<String> checkpoints) {
    static final CheckpointKeys KEYS = keys("k1", 1);
    private static final int CHAINS = 3;
    private static final int ENTRIES = 42;

    /** Three chains: the end of one is signed, an entry in the middle of another, and nothing of the last. */
    static Trail whole() {
        List<String> lines = new ChainGenerator(CHAINS, 11).lines(ENTRIES);
        List<String> chains = chains(lines);
        ObjectNode end = last(lines, chains.get(0));
        ObjectNode middle = lines.stream()
                .map(Trail::parsed)
                .filter(entry -> chain(entry).equals(chains.get(1)) && seq(entry) == 7)
                .findFirst()
                .orElseThrow();
        return new Trail(lines, List.of(signed(KEYS, end), signed(KEYS, middle)));
    }

    static CheckpointKeys keys(String id, int seed) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) seed;
        return CheckpointKeys.of(new Secret(id + ":" + Base64.getEncoder().encodeToString(bytes)), new Secret(""));
    }

    private static String signed(CheckpointKeys keys, ObjectNode entry) {
        return Json.text(keys.sign(
                chain(entry), Checkpoint.HEAD, seq(entry), entry.path("hash").asText()));
    }

    static List<String> chains(List<String> lines) {
        return lines.stream()
                .map(Trail::parsed)
                .map(Trail::chain)
                .distinct()
                .sorted()
                .toList();
    }

    static ObjectNode last(List<String> lines, String chain) {
        return lines.stream()
                .map(Trail::parsed)
                .filter(entry -> chain(entry).equals(chain))
                .reduce((a, b) -> seq(b) > seq(a) ? b : a)
                .orElseThrow();
    }

    /** Null for what is no object. */
    static @Nullable ObjectNode parsed(String line) {
        try {
            JsonNode node = Json.MAPPER.readTree(line);
            return node instanceof ObjectNode object ? object : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    static String chain(ObjectNode entry) {
        return entry.path("chain").asText();
    }

    static long seq(ObjectNode entry) {
        return entry.path("seq").asLong();
    }

    /** With the hash that its members have. */
    static ObjectNode hashed(ObjectNode entry) {
        @SuppressWarnings("unchecked")
        Map<String, Object> members = Json.MAPPER.convertValue(entry, Map.class);
        return entry.put("hash", HashChain.hash(members));
    }

    /** The places in the log where entries of that chain stand, in the order of their seqs. */
    List<Integer> places(String chain) {
        return IntStream.range(0, lines.size())
                .filter(i -> parsed(lines.get(i)) != null
                        && chain(parsed(lines.get(i))).equals(chain))
                .boxed()
                .sorted((a, b) -> Long.compare(seq(parsed(lines.get(a))), seq(parsed(lines.get(b)))))
                .toList();
    }

    Trail with(int at, ObjectNode entry) {
        List<String> changed = new ArrayList<>(lines);
        changed.set(at, entry.toString());
        return new Trail(changed, checkpoints);
    }
}
