package io.scaiwave.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.verify.EntryReader;
import io.scaiwave.admin.audit.verify.Sighting;
import io.scaiwave.admin.cli.RecoveryStore.End;
import io.scaiwave.admin.cli.RecoveryStore.Range;
import io.scaiwave.admin.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Lengthens the chains of a restored database by what the topic has of them. An entry is taken when its content has its hash and
 * it joins the chain's end; the topic is read again while that leads on, because entries that were sent again stand later than
 * those that follow them. So memory holds the chains' ends and one batch.
 */
final class Recovery {
    private static final int BATCH = 500;
    private static final int READINGS_MAX = 20;

    private final ChainsOption scope;
    private final RecoveryStore store;
    private final Map<String, End> stored;
    private final Map<String, End> ends;
    private final Map<String, End> known = new TreeMap<>();
    private final Map<String, End> heads = new HashMap<>();
    private final Map<String, Long> unchecked = new TreeMap<>();
    private final Map<String, String> contradictions = new HashMap<>();
    private final List<JsonNode> batch = new ArrayList<>(BATCH);
    private final List<String> lines = new ArrayList<>();
    private long recovered;
    private long before = -1;
    private int readings;
    private int shorter;

    Recovery(ChainsOption scope, RecoveryStore store) {
        this.scope = scope;
        this.store = store;
        this.stored = store.ends();
        this.ends = new HashMap<>(stored);
    }

    /** A head with a good signature. */
    void signed(Checkpoint head) {
        if (scope.has(head.chain())) {
            End end = new End(head.seq(), head.hash());
            heads.put(head.chain(), end);
            know(head.chain(), end);
        }
    }

    /** A head that cannot be checked: nothing is built on it, but a chain that ends before it is not known to be whole. */
    void unchecked(Checkpoint head) {
        if (scope.has(head.chain())) {
            unchecked.merge(head.chain(), head.seq(), Math::max);
        }
    }

    private void know(String chain, End end) {
        known.merge(chain, end, (one, other) -> other.seq() > one.seq() ? other : one);
    }

    /** Whether another reading of the topic may bring more: the last one did, and a chain is still shorter than it was. */
    boolean wantsMore() {
        boolean led = recovered > before;
        before = recovered;
        return led
                && readings++ < READINGS_MAX
                && (readings == 1 || known.keySet().stream().anyMatch(this::isShorter));
    }

    private boolean isShorter(String chain) {
        return end(chain).seq() < known.getOrDefault(chain, End.NONE).seq();
    }

    private End end(String chain) {
        return ends.getOrDefault(chain, End.NONE);
    }

    void take(List<ConsumerRecord<String, byte[]>> records) {
        records.forEach(this::take);
        flush();
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        JsonNode entry = entry(record);
        String chain = entry.path("chain").asText();
        long seq = entry.path("seq").asLong();
        End end = end(chain);
        if (seq <= end.seq() || !scope.has(chain)) {
            return;
        }
        Sighting seen = EntryReader.entry(record.value(), 0, record.value().length, "");
        if (!seen.fault().isEmpty()) {
            return;
        }
        know(chain, new End(seq, seen.hash()));
        if (seq == end.seq() + 1) {
            join(entry, seen, end);
        }
    }

    private void join(JsonNode entry, Sighting seen, End end) {
        String chain = entry.path("chain").asText();
        End joined = new End(seen.seq(), seen.hash());
        if (contradictsHead(chain, joined)) {
            return;
        }
        if (!seen.prevHash().equals(end.hash())) {
            // Whoever forged it cannot hold up the one that follows, which may stand behind it.
            contradictions.put(
                    chain,
                    "the topic's entry %d does not follow the database's entry %d".formatted(seen.seq(), end.seq()));
            return;
        }
        contradictions.remove(chain);
        ends.put(chain, joined);
        recovered++;
        batch.add(entry);
        if (batch.size() == BATCH) {
            flush();
        }
    }

    private boolean contradictsHead(String chain, End end) {
        End head = heads.get(chain);
        return head != null && head.seq() == end.seq() && !head.hash().equals(end.hash());
    }

    private static JsonNode entry(ConsumerRecord<String, byte[]> record) {
        try {
            return Json.MAPPER.readTree(record.value()).path("data");
        } catch (IOException e) {
            return Json.MAPPER.missingNode();
        }
    }

    private void flush() {
        if (!batch.isEmpty()) {
            store.append(batch);
            batch.clear();
        }
    }

    private void tellUnchecked() {
        unchecked.forEach((chain, seq) -> {
            if (seq > end(chain).seq()) {
                shorter++;
                lines.add(
                        "%s: its head on the checkpoint topic is entry %d, and its signature cannot be checked or is false"
                                .formatted(chain, seq));
            }
        });
    }

    /** Says what was done, in the chains and for the operator. */
    void end(boolean acceptLoss) {
        known.forEach((chain, last) -> {
            End began = stored.getOrDefault(chain, End.NONE);
            End end = end(chain);
            if (contradictsHead(chain, end) && !contradictions.containsKey(chain)) {
                contradictions.put(chain, "a signed head has another entry %d".formatted(end.seq()));
            }
            String contradiction = contradictions.get(chain);
            if (end.seq() > began.seq()) {
                lines.add("%s: entries %d to %d".formatted(chain, began.seq() + 1, end.seq()));
            }
            if (contradiction != null) {
                shorter++;
                lines.add("%s: %s: the database was written to after the restore".formatted(chain, contradiction));
                last = end;
            }
            if (last.seq() > end.seq()) {
                tellLost(chain, new Range(end.seq() + 1, last.seq()), acceptLoss);
                last = acceptLoss ? last : end;
            }
            if (last.seq() > began.seq()) {
                store.end(chain, new Range(began.seq() + 1, end.seq()), end, last);
            }
        });
        tellUnchecked();
    }

    private void tellLost(String chain, Range lost, boolean accepted) {
        lines.add("%s: entries %d to %d are nowhere%s"
                .formatted(chain, lost.from(), lost.to(), accepted ? ": given up" : "; see --accept-loss"));
        if (!accepted) {
            shorter++;
        }
    }

    List<String> lines() {
        return lines;
    }

    long recovered() {
        return recovered;
    }

    int shorter() {
        return shorter;
    }
}
