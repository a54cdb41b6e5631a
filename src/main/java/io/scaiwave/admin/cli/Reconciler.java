package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.verify.Pipeline;
import io.scaiwave.admin.audit.verify.Seen;
import io.scaiwave.admin.audit.verify.Sighting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares a snapshot of the log with what the topic held afterwards. So what is in the snapshot and was sent is on the topic; what
 * is on the topic and not in the snapshot may be newer, and is looked up again.
 */
final class Reconciler {
    private static final int BATCH = 500;

    private final ChainsOption scope;
    private final long from;
    private final long to;
    private final Progress progress;
    private final Map<String, Seen> topic = new HashMap<>();
    private final Map<String, Set<Long>> waiting = new HashMap<>();
    private final Map<String, Map<Long, String>> parked = new HashMap<>();
    private final Map<String, Long> floors = new HashMap<>(); // the last that retention dropped
    private final Map<String, Long> last = new HashMap<>(); // of the snapshot
    private final Differences differences = new Differences();
    private long inDatabase;
    private long onTopic;
    private long repeats;

    Reconciler(ChainsOption scope, long from, long to, Progress progress) {
        this.scope = scope;
        this.from = from;
        this.to = to;
        this.progress = progress;
    }

    Differences differences() {
        return differences;
    }

    long inDatabase() {
        return inDatabase;
    }

    long onTopic() {
        return onTopic;
    }

    long repeats() {
        return repeats;
    }

    /** What the server has not sent yet, or has given up sending; begins the snapshot. */
    void readWaiting(LogTables tables) {
        tables.each(
                "SELECT l.chain, l.seq FROM audit_unsent u JOIN audit_log l ON l.id = u.entry_id AND l.created_at = u.created_at",
                row -> waiting.computeIfAbsent(row.getString("chain"), chain -> new HashSet<>())
                        .add(row.getLong("seq")));
        tables.each(
                "SELECT chain, seq, reason FROM audit_parked WHERE entry_id IS NOT NULL",
                row -> parked.computeIfAbsent(row.getString("chain"), chain -> new HashMap<>())
                        .put(row.getLong("seq"), row.getString("reason")));
        tables.each("SELECT chain, count(*) AS events FROM audit_outbox GROUP BY chain ORDER BY chain", row -> {
            String chain = row.getString("chain");
            if (scope.has(chain)) {
                differences.note("%s: %d events wait to join the log".formatted(chain, row.getLong("events")));
            }
        });
        tables.each("SELECT chain, reason FROM audit_parked WHERE event IS NOT NULL ORDER BY id", row -> {
            String chain = row.getString("chain");
            if (scope.has(chain)) {
                differences.fault(
                        "%s: an event is parked, and not in the log: %s".formatted(chain, row.getString("reason")));
            }
        });
        tables.each(
                "SELECT chain, seq FROM audit_floors", row -> floors.put(row.getString("chain"), row.getLong("seq")));
    }

    private boolean asked(String chain, long seq) {
        return seq >= from && seq <= to && scope.has(chain);
    }

    void readTopic(TopicReader topics, String name) {
        try (Pipeline pipeline = new Pipeline(this::onTopic)) {
            TopicEntries.read(topics, name, pipeline);
            pipeline.finish();
        }
    }

    private void onTopic(Sighting entry) {
        progress.at(onTopic);
        if (entry.chain() == null) {
            differences.fault(entry.fault());
        } else if (asked(entry.chain(), entry.seq())) {
            onTopic++;
            Seen seen = topic.computeIfAbsent(entry.chain(), chain -> new Seen());
            if (seen.is(entry.seq(), entry.computed())) {
                repeats++;
            } else if (seen.has(entry.seq())) {
                differences.add(entry.chain(), entry.seq(), "two different entries on the topic");
            } else {
                seen.put(entry.seq(), entry.computed());
            }
        }
    }

    /** Ends the snapshot. */
    void compare(LogTables tables) {
        try (Pipeline pipeline = new Pipeline(this::inDatabase)) {
            List<LogRow> batch = new ArrayList<>(BATCH);
            tables.entries(scope, row -> {
                last.merge(row.chain(), row.seq(), Math::max);
                batch.add(row);
                if (batch.size() == BATCH) {
                    submit(pipeline, batch);
                }
            });
            submit(pipeline, batch);
            pipeline.finish();
        }
        tables.release();
        topic.forEach((chain, left) -> compareLeft(tables, chain, left));
    }

    private static void submit(Pipeline pipeline, List<LogRow> batch) {
        List<LogRow> full = List.copyOf(batch);
        batch.clear();
        pipeline.submit(() -> full.stream().map(LogRow::sighting).toList());
    }

    private void inDatabase(Sighting entry) {
        String chain = entry.chain();
        long seq = entry.seq();
        progress.at(onTopic + inDatabase);
        if (chain == null || !asked(chain, seq)) {
            return;
        }
        inDatabase++;
        Seen seen = topic.getOrDefault(chain, new Seen());
        if (seen.has(seq)) {
            if (!seen.is(seq, entry.computed())) {
                differences.add(chain, seq, "differs");
            }
            seen.remove(seq);
        } else if (waiting.getOrDefault(chain, Set.of()).contains(seq)) {
            differences.addWaiting(chain, seq, "not on the topic: not sent yet");
        } else {
            String reason = parked.getOrDefault(chain, Map.of()).get(seq);
            differences.add(chain, seq, reason == null ? "not on the topic" : "not on the topic: parked, " + reason);
        }
    }

    /** What is on the topic and was not in the snapshot: dropped by retention, newer, or missing. */
    private void compareLeft(LogTables tables, String chain, Seen left) {
        long end = last.getOrDefault(chain, 0L);
        Set<Long> arrived = new HashSet<>();
        if (!left.isEmpty()) {
            tables.each(
                    "SELECT seq FROM audit_log WHERE chain = ? AND seq > ?",
                    row -> arrived.add(row.getLong("seq")),
                    chain,
                    end);
        }
        long floor = floors.getOrDefault(chain, 0L);
        left.forEach(seq -> {
            if (seq > floor && !arrived.contains(seq)) {
                differences.add(chain, seq, "not in the database");
            }
        });
    }
}
