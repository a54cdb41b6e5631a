package io.scaiwave.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What somebody who can write to the log may do to it. */
enum Mutation {
    FLIP_A_VALUE,
    FLIP_ANY_BYTE,
    ADD_A_MEMBER,
    EXCHANGE_MEMBERS,
    EXCHANGE_IDS, // by which a table is read in order
    REMOVE,
    INSERT,
    SWAP,
    SPLICE,
    TRUNCATE,
    SIGN_BY_ANOTHER,
    RENUMBER,
    REWRITE_THE_REST,
    REORDER_MEMBERS,
    DUPLICATE;

    /** Where the result is bad, if the trail was whole before: the chain and its first bad seq; "whole" where nobody can see it. */
    record Done(Trail trail, String chain, long seq) {
        String place() {
            return seq == 0 ? "whole" : chain + " seq " + seq;
        }
    }

    private static final int SEQ_MIN = 3; // the first two of a chain say which way a log is read

    Done on(Trail trail, SplittableRandom random) {
        List<Integer> usable = IntStream.range(0, trail.lines().size())
                .filter(i -> isUsable(trail.lines().get(i)))
                .boxed()
                .toList();
        int at = usable.get(random.nextInt(usable.size()));
        ObjectNode entry = Trail.parsed(trail.lines().get(at));
        String chain = Trail.chain(entry);
        long seq = Trail.seq(entry);
        return switch (this) {
            case FLIP_A_VALUE -> {
                entry.put("actor_id", entry.path("actor_id").asText() + "!");
                yield new Done(trail.with(at, entry), chain, seq);
            }
            case FLIP_ANY_BYTE -> new Done(flipped(trail, at, random), chain, -1);
            case ADD_A_MEMBER -> new Done(trail.with(at, entry.put("added", 1)), chain, seq);
            case EXCHANGE_MEMBERS -> exchanged(trail, at, neighbour(trail, at, random), "request_id");
            case EXCHANGE_IDS -> exchanged(trail, at, neighbour(trail, at, random), "id");
            case REMOVE -> removed(trail, at, chain, seq);
            case INSERT -> inserted(trail, at, entry);
            case SWAP -> swapped(trail, at, neighbour(trail, at, random), chain);
            case SPLICE -> spliced(trail, at, random);
            case TRUNCATE -> truncated(trail, 1 + random.nextInt(8));
            case SIGN_BY_ANOTHER -> signed(trail, random);
            case RENUMBER -> renumbered(trail, chain, seq);
            case REWRITE_THE_REST -> rewritten(trail, chain, seq);
            case REORDER_MEMBERS -> new Done(trail.with(at, reversed(entry)), chain, 0);
            case DUPLICATE -> duplicated(trail, at, chain, seq);
        };
    }

    private static boolean isUsable(String line) {
        ObjectNode entry = Trail.parsed(line);
        return entry != null && entry.path("chain").isTextual() && Trail.seq(entry) >= SEQ_MIN;
    }

    private static Trail flipped(Trail trail, int at, SplittableRandom random) {
        byte[] bytes = trail.lines().get(at).getBytes(StandardCharsets.UTF_8);
        int place = random.nextInt(bytes.length);
        while (bytes[place] < 0) {
            place = random.nextInt(bytes.length); // what is no UTF-8 any more is another case
        }
        bytes[place] ^= (byte) (1 << random.nextInt(Byte.SIZE - 1));
        return replaced(trail, at, new String(bytes, StandardCharsets.UTF_8));
    }

    private static Trail replaced(Trail trail, int at, String... by) {
        List<String> lines = new ArrayList<>(trail.lines());
        lines.remove(at);
        lines.addAll(at, List.of(by));
        return new Trail(lines, trail.checkpoints());
    }

    /** Where the entry before or after it in its chain stands. */
    private static int neighbour(Trail trail, int at, SplittableRandom random) {
        List<Integer> places =
                trail.places(Trail.chain(Trail.parsed(trail.lines().get(at))));
        int own = places.indexOf(at);
        int other = own + (random.nextBoolean() ? 1 : -1);
        boolean there =
                other >= 0 && other < places.size() && isUsable(trail.lines().get(places.get(other)));
        return there ? places.get(other) : at;
    }

    private static Done exchanged(Trail trail, int at, int other, String member) {
        ObjectNode one = Trail.parsed(trail.lines().get(at));
        ObjectNode two = Trail.parsed(trail.lines().get(other));
        JsonNode kept = one.get(member);
        one.set(member, two.get(member));
        two.set(member, kept);
        long first = at == other ? 0 : Math.min(Trail.seq(one), Trail.seq(two));
        return new Done(trail.with(at, one).with(other, two), Trail.chain(one), first);
    }

    private static Done removed(Trail trail, int at, String chain, long seq) {
        Trail changed = replaced(trail, at);
        boolean end = Trail.seq(Trail.last(
                        trail.lines().stream().filter(Mutation::isUsable).toList(), chain))
                == seq;
        return new Done(changed, chain, end && signedFrom(trail, chain, seq) == 0 ? 0 : seq);
    }

    /** The first signed seq of the chain from there on; 0 when there is none. */
    private static long signedFrom(Trail trail, String chain, long seq) {
        return trail.checkpoints().stream()
                .map(Trail::parsed)
                .filter(checkpoint -> Trail.chain(checkpoint).equals(chain) && Trail.seq(checkpoint) >= seq)
                .mapToLong(Trail::seq)
                .min()
                .orElse(0);
    }

    private static Done inserted(Trail trail, int at, ObjectNode before) {
        String chain = Trail.chain(before);
        long seq = Trail.seq(before) + 1;
        boolean end = trail.places(chain).stream()
                .map(place -> Trail.parsed(trail.lines().get(place)))
                .allMatch(entry -> Trail.seq(entry) < seq);
        ObjectNode forged = before.deepCopy();
        forged.put("seq", seq).put("actor_id", "mallory").set("prev_hash", before.get("hash"));
        String own = trail.lines().get(at);
        return new Done(replaced(trail, at, own, Trail.hashed(forged).toString()), chain, end ? 0 : seq);
    }

    private static Done swapped(Trail trail, int at, int other, String chain) {
        List<String> lines = new ArrayList<>(trail.lines());
        long first = Math.min(Trail.seq(Trail.parsed(lines.get(at))), Trail.seq(Trail.parsed(lines.get(other))));
        Collections.swap(lines, at, other);
        return new Done(new Trail(lines, trail.checkpoints()), chain, at == other ? 0 : first);
    }

    private static Done spliced(Trail trail, int at, SplittableRandom random) {
        ObjectNode own = Trail.parsed(trail.lines().get(at));
        List<Integer> others = IntStream.range(0, trail.lines().size())
                .filter(i -> isUsable(trail.lines().get(i)))
                .filter(i -> !Trail.chain(Trail.parsed(trail.lines().get(i))).equals(Trail.chain(own)))
                .boxed()
                .toList();
        ObjectNode strange = Trail.parsed(trail.lines().get(others.get(random.nextInt(others.size()))));
        for (String member : List.of("chain", "seq", "tenant_id")) {
            strange.set(member, own.get(member));
        }
        return new Done(trail.with(at, Trail.hashed(strange)), Trail.chain(own), Trail.seq(own));
    }

    /** In which chain it shows depends on where the log ends then. */
    private static Done truncated(Trail trail, int count) {
        int kept = Math.max(1, trail.lines().size() - count);
        return new Done(new Trail(List.copyOf(trail.lines().subList(0, kept)), trail.checkpoints()), "", -1);
    }

    private static final List<CheckpointKeys> STRANGERS = List.of(Trail.keys("k1", 2), Trail.keys("k2", 3));

    /** One says that it is by the known key. */
    private static Done signed(Trail trail, SplittableRandom random) {
        int at = random.nextInt(trail.checkpoints().size());
        ObjectNode signed = Trail.parsed(trail.checkpoints().get(at));
        List<String> checkpoints = new ArrayList<>(trail.checkpoints());
        checkpoints.set(
                at,
                Json.text(STRANGERS
                        .get(random.nextInt(STRANGERS.size()))
                        .sign(
                                Trail.chain(signed),
                                Checkpoint.HEAD,
                                Trail.seq(signed),
                                signed.path("hash").asText())));
        return new Done(new Trail(trail.lines(), checkpoints), Trail.chain(signed), Trail.seq(signed));
    }

    private static Done renumbered(Trail trail, String chain, long from) {
        Trail changed = trail;
        for (int place : trail.places(chain)) {
            ObjectNode entry = Trail.parsed(trail.lines().get(place));
            if (Trail.seq(entry) >= from) {
                changed = changed.with(place, entry.put("seq", Trail.seq(entry) + 1));
            }
        }
        return new Done(changed, chain, from);
    }

    /** The cleverest: all hashes are right again. */
    private static Done rewritten(Trail trail, String chain, long from) {
        Trail changed = trail;
        String before = "";
        for (int place : trail.places(chain)) {
            ObjectNode entry = Trail.parsed(trail.lines().get(place));
            if (Trail.seq(entry) == from) {
                entry.put("actor_id", "mallory");
            } else if (Trail.seq(entry) > from && !before.isEmpty()) {
                entry.put("prev_hash", before);
            }
            if (Trail.seq(entry) >= from) {
                changed = changed.with(place, Trail.hashed(entry));
                before = entry.path("hash").asText();
            }
        }
        return new Done(changed, chain, signedFrom(trail, chain, from));
    }

    private static ObjectNode reversed(ObjectNode entry) {
        List<String> names = new ArrayList<>();
        entry.fieldNames().forEachRemaining(names::add);
        Collections.reverse(names);
        ObjectNode reversed = entry.objectNode();
        names.forEach(name -> reversed.set(name, entry.get(name)));
        return reversed;
    }

    private static Done duplicated(Trail trail, int at, String chain, long seq) {
        String line = trail.lines().get(at);
        return new Done(replaced(trail, at, line, line), chain, seq);
    }
}
