package io.scaiwave.admin.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.json.Json;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.erdtman.jcs.JsonCanonicalizer;

/** The first bad seq of each chain and the lines that are no entries: as the documents define it, written without the verifier. */
final class Verdict {
    private static final Pattern SAID = Pattern.compile("(.+?), seq (\\d+): .*");
    private static final Pattern UNREADABLE = Pattern.compile("(line \\d+) is .*");

    private final Map<String, TreeMap<Long, ObjectNode>> chains = new TreeMap<>();
    private final Map<String, long[]> read = new HashMap<>(); // the last seq, and the way that seqs go
    private final Map<String, Long> first = new TreeMap<>();
    private final TreeSet<String> unreadable = new TreeSet<>();
    private final boolean topic;
    private final List<ObjectNode> signed = new ArrayList<>();

    private Verdict(boolean topic) {
        this.topic = topic;
    }

    /** What verify printed. */
    static String said(Verb verb) {
        TreeMap<String, Long> places = new TreeMap<>();
        TreeSet<String> lines = new TreeSet<>();
        for (String line : verb.lines()) {
            Matcher said = SAID.matcher(line);
            Matcher none = UNREADABLE.matcher(line);
            if (said.matches()) {
                places.put(said.group(1), Long.valueOf(said.group(2)));
            } else if (none.matches()) {
                lines.add(none.group(1));
            }
        }
        String text = text(places, lines);
        return text.equals("whole") == (verb.status() == 0) ? text : "status " + verb.status() + ": " + text;
    }

    /** The same of a database, whose head table says where each chain ends. The unreadable have no lines there. */
    static String ofRows(Trail trail, List<ObjectNode> heads) {
        Verdict verdict = new Verdict(false);
        trail.checkpoints().stream().map(Trail::parsed).forEach(verdict::signature);
        verdict.signed.addAll(heads);
        verdict.entries(trail.lines());
        verdict.chains.forEach(verdict::links);
        verdict.signed.forEach(verdict::end);
        verdict.chains.forEach((chain, entries) -> verdict.head(chain, entries, heads));
        String places = text(verdict.first, Set.of());
        return places.equals("whole") && !verdict.unreadable.isEmpty() ? "status 1: whole" : places;
    }

    private void head(String chain, SortedMap<Long, ObjectNode> entries, List<ObjectNode> heads) {
        long end = heads.stream()
                .filter(head -> Trail.chain(head).equals(chain))
                .mapToLong(Trail::seq)
                .findFirst()
                .orElse(entries.firstKey() - 1);
        if (entries.lastKey() > end) {
            bad(chain, end + 1);
        }
    }

    /** @param topic whether the lines are records, of which order and repeats say nothing */
    static String of(Trail trail, boolean topic) {
        Verdict verdict = new Verdict(topic);
        trail.checkpoints().stream().map(Trail::parsed).forEach(verdict::signature);
        verdict.entries(trail.lines());
        verdict.chains.forEach(verdict::links);
        verdict.signed.forEach(verdict::end);
        return text(verdict.first, verdict.unreadable);
    }

    private static String text(Map<String, Long> places, Set<String> lines) {
        String text = Stream.concat(
                        places.entrySet().stream().map(place -> place.getKey() + " seq " + place.getValue()),
                        lines.stream())
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "whole" : text;
    }

    private void bad(String chain, long seq) {
        first.merge(chain, seq, Math::min);
    }

    private void entries(List<String> lines) {
        List<String> all = List.of(String.join("\n", lines).split("\n"));
        for (int i = 0; i < all.size(); i++) {
            ObjectNode entry = Trail.parsed(all.get(i));
            if (all.get(i).isBlank()) {
                continue;
            }
            if (entry == null
                    || !Stream.of("chain", "prev_hash", "hash")
                            .allMatch(name -> entry.path(name).isTextual())
                    || !entry.path("seq").isNumber()
                    || entry.path("seq").asDouble()
                            != Math.rint(entry.path("seq").asDouble())
                    || Trail.seq(entry) < 1) {
                unreadable.add("line " + (i + 1));
            } else {
                entry(entry);
            }
        }
    }

    private void entry(ObjectNode entry) {
        String chain = Trail.chain(entry);
        long seq = Trail.seq(entry);
        if (!hash(entry).equals(entry.path("hash").asText())) {
            bad(chain, seq);
        }
        signed.stream()
                .filter(checkpoint -> Trail.chain(checkpoint).equals(chain) && Trail.seq(checkpoint) == seq)
                .filter(checkpoint -> !checkpoint.get("hash").equals(entry.get("hash")))
                .forEach(checkpoint -> bad(chain, seq));
        long[] order = read.computeIfAbsent(chain, name -> new long[2]);
        int way = order[0] == 0 ? 0 : Long.signum(seq - order[0]);
        if (!topic && way != 0 && way == -order[1]) {
            bad(chain, seq);
        }
        order[0] = seq;
        order[1] = order[1] == 0 ? way : order[1];
        ObjectNode known =
                chains.computeIfAbsent(chain, name -> new TreeMap<>()).putIfAbsent(seq, entry);
        if (known != null && (!topic || !hash(known).equals(hash(entry)))) {
            bad(chain, seq);
        }
    }

    private void links(String chain, SortedMap<Long, ObjectNode> entries) {
        long before = 0;
        for (Map.Entry<Long, ObjectNode> entry : entries.entrySet()) {
            long seq = entry.getKey();
            String wanted = before == 0
                    ? "0".repeat(64)
                    : entries.get(before).path("hash").asText();
            if (seq != before + 1) {
                bad(chain, before + 1);
            } else if (!entry.getValue().path("prev_hash").asText().equals(wanted)) {
                bad(chain, seq);
            }
            before = seq;
        }
    }

    private void signature(ObjectNode checkpoint) {
        if (Trail.KEYS.verifies(Json.MAPPER.convertValue(checkpoint, Checkpoint.class))) {
            signed.add(checkpoint);
        } else {
            bad(Trail.chain(checkpoint), Trail.seq(checkpoint));
        }
    }

    private void end(ObjectNode checkpoint) {
        String chain = Trail.chain(checkpoint);
        SortedMap<Long, ObjectNode> entries = chains.getOrDefault(chain, new TreeMap<>());
        long end = entries.isEmpty() ? 0 : entries.lastKey();
        if (end < Trail.seq(checkpoint)) {
            bad(chain, end + 1);
        }
    }

    private static String hash(ObjectNode entry) {
        try {
            ObjectNode rest = entry.deepCopy().without(List.of("hash"));
            byte[] canonical = new JsonCanonicalizer(rest.toString()).getEncodedUTF8();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (IOException | NoSuchAlgorithmException e) {
            return "none";
        }
    }
}
