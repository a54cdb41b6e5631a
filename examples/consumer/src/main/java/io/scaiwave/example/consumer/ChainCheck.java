package io.scaiwave.example.consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * Checks the chains of the audit topic while their events come by; a sample to copy, with nothing of the server in it. The rules
 * are those of asyncapi.yaml. What it keeps of a chain is the same however long the chain is: a consumer that must go on where
 * it stopped keeps {@link #state} in its database, in the transaction in which it does its work and moves its offsets.
 */
final class ChainCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFormat CLOUD_EVENT = new JsonFormat();
    private static final String GENESIS = "0".repeat(64); // the prev_hash of a chain's first entry
    private static final int RECENT_MAX = 50_000;

    enum Kind {
        /** The next entry of its chain. */
        NEXT,
        /** A later one: those between have not come. They were set aside and a replay brings them, or they are lost. */
        GAP,
        /** One of those that had not come, and it fits. */
        FILLED,
        /** One that was here already: drop it. */
        REPEAT,
        /** Its hash is not that of its members, its envelope says something else than it does, or it is no entry. */
        ALTERED,
        /** It does not follow the entry before it, or is another one than was here at the same place. */
        FORK
    }

    /** @param entry null when the record is none */
    record Finding(Kind kind, String name, String text, JsonNode entry) {}

    private record Entry(ObjectNode members, String chain, long seq, String before, String hash) {
        static Entry of(ObjectNode members) {
            String before = members.required("prev_hash").textValue();
            String hash = members.required("hash").textValue();
            long seq = members.required("seq").longValue();
            return new Entry(members, members.required("chain").textValue(), seq, before, hash);
        }

        /** The rule of the chain: SHA-256 of the canonical form (RFC 8785) of the entry without its hash. */
        boolean isAsHashed() throws IOException, GeneralSecurityException {
            ObjectNode hashed = members.deepCopy();
            hashed.remove("hash");
            byte[] canonical = new JsonCanonicalizer(hashed.toString()).getEncodedUTF8();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical);
            return HexFormat.of().formatHex(digest).equals(hash);
        }

        String id() {
            return members.path("id").asText();
        }

        String name() {
            return chain + "#" + seq;
        }

        Finding is(Kind kind, String text) {
            return new Finding(kind, name(), text, members);
        }
    }

    /** Entries that have not come: the first must follow the hash on the left, the last must have the one on the right. */
    private record Gap(long from, long to, String left, String right) {}

    private static final class Chain {
        private long seq; // of its newest entry
        private String hash = GENESIS;
        private final List<Gap> gaps = new ArrayList<>();
    }

    /** Hashes of the newest entries, by what names them: a repeat has the same, a fork another. */
    private static final class Recent extends LinkedHashMap<String, String> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > RECENT_MAX;
        }
    }

    private final Map<String, Chain> chains = new TreeMap<>();
    private final Recent byId = new Recent();
    private final Recent byName = new Recent();

    /** What must outlive a restart; {@link #resume} takes it back. */
    JsonNode state() {
        ObjectNode state = JSON.createObjectNode();
        chains.forEach((name, chain) -> {
            ObjectNode kept = state.putObject(name).put("seq", chain.seq).put("hash", chain.hash);
            chain.gaps.forEach(gap -> kept.withArray("gaps")
                    .addObject()
                    .put("from", gap.from)
                    .put("to", gap.to)
                    .put("left", gap.left)
                    .put("right", gap.right));
        });
        return state;
    }

    void resume(JsonNode state) {
        state.properties().forEach(kept -> {
            Chain chain = chains.computeIfAbsent(kept.getKey(), unknown -> new Chain());
            chain.seq = kept.getValue().required("seq").longValue();
            chain.hash = kept.getValue().required("hash").textValue();
            kept.getValue()
                    .path("gaps")
                    .forEach(gap -> chain.gaps.add(new Gap(
                            gap.required("from").longValue(),
                            gap.required("to").longValue(),
                            gap.required("left").textValue(),
                            gap.required("right").textValue())));
        });
    }

    /** One record of the topic, in the order of its partition. */
    Finding check(String key, byte[] value) {
        try {
            CloudEvent event = CLOUD_EVENT.deserialize(value);
            Entry entry = Entry.of((ObjectNode) ((JsonCloudEventData) event.getData()).getNode());
            if (!entry.isAsHashed()) {
                return entry.is(Kind.ALTERED, "its hash is not that of its members");
            }
            if (!entry.chain.equals(key) || !event.getId().equals(entry.id())) {
                return entry.is(Kind.ALTERED, "its key or its id is not its own");
            }
            return place(entry, chains.computeIfAbsent(key, unknown -> new Chain()));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return new Finding(Kind.ALTERED, key, "it is no audit event", null);
        }
    }

    /** How many entries have not come, as far as one can tell: what is missing at a chain's end does not show here. */
    long missing() {
        return chains.values().stream()
                .flatMap(chain -> chain.gaps.stream())
                .mapToLong(gap -> gap.to + 1 - gap.from)
                .sum();
    }

    private Finding place(Entry entry, Chain chain) {
        if (byId.containsKey(entry.id())) {
            return entry.hash.equals(byId.get(entry.id()))
                    ? entry.is(Kind.REPEAT, "")
                    : entry.is(Kind.FORK, "another entry was here with the same id");
        }
        if (entry.seq > chain.seq) {
            return append(entry, chain);
        }
        Optional<Gap> gap = chain.gaps.stream()
                .filter(each -> each.from <= entry.seq && entry.seq <= each.to)
                .findFirst();
        if (gap.isPresent()) {
            return fill(entry, chain, gap.get());
        }
        // An entry older than those remembered, or than the last restart, passes for a repeat: its place was taken, and its
        // id is covered by the hash of whatever took it. Who keeps all hashes can compare them too.
        String known = byName.getOrDefault(entry.name(), entry.hash);
        return known.equals(entry.hash)
                ? entry.is(Kind.REPEAT, "")
                : entry.is(Kind.FORK, "another entry was here at the same place");
    }

    private Finding append(Entry entry, Chain chain) {
        long missing = entry.seq - chain.seq - 1;
        boolean follows = entry.before.equals(chain.hash);
        if (missing > 0) {
            chain.gaps.add(new Gap(chain.seq + 1, entry.seq - 1, chain.hash, entry.before));
        }
        chain.seq = entry.seq;
        chain.hash = entry.hash;
        remember(entry);
        if (missing > 0) {
            return entry.is(Kind.GAP, missing + " before it have not come");
        }
        return follows ? entry.is(Kind.NEXT, "") : entry.is(Kind.FORK, "it does not follow the entry before it");
    }

    /** A late entry must fit what is on both sides of it. In the middle of a gap it leaves two smaller ones. */
    private Finding fill(Entry entry, Chain chain, Gap gap) {
        boolean first = entry.seq == gap.from;
        boolean last = entry.seq == gap.to;
        if ((first && !entry.before.equals(gap.left)) || (last && !entry.hash.equals(gap.right))) {
            return entry.is(Kind.FORK, "it does not fit the gap that it would fill");
        }
        chain.gaps.remove(gap);
        if (!first) {
            chain.gaps.add(new Gap(gap.from, entry.seq - 1, gap.left, entry.before));
        }
        if (!last) {
            chain.gaps.add(new Gap(entry.seq + 1, gap.to, entry.hash, gap.right));
        }
        remember(entry);
        return entry.is(Kind.FILLED, chain.gaps.isEmpty() ? "the chain is whole again" : "the chain still has gaps");
    }

    private void remember(Entry entry) {
        byId.put(entry.id(), entry.hash);
        byName.put(entry.name(), entry.hash);
    }
}
