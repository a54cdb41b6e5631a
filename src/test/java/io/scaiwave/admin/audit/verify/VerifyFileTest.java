package io.scaiwave.admin.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.Json;
import io.scaiwave.admin.audit.AuditCloudEvent;
import io.scaiwave.admin.audit.AuditEntry;
import io.scaiwave.admin.audit.ChainGenerator;
import io.scaiwave.admin.audit.Checkpoint;
import io.scaiwave.admin.audit.CheckpointKeys;
import io.scaiwave.admin.audit.HashChain;
import io.scaiwave.admin.bus.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb verify on files: what is whole, and every way of not being so. */
class VerifyFileTest {
    private static final int COUNT = 40;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final List<AuditEntry> entries = new ArrayList<>();
    private List<String> lines;
    private String chain;

    @BeforeEach
    void generate() {
        ChainGenerator generator = new ChainGenerator(1, 7);
        for (int i = 0; i < COUNT; i++) {
            entries.add(generator.next());
        }
        chain = entries.get(0).chain();
        lines = new ArrayList<>(entries.stream().map(VerifyFileTest::line).toList());
    }

    private static String line(Object value) {
        return new String(Json.bytes(value), StandardCharsets.UTF_8);
    }

    private static String event(AuditEntry entry) {
        return new String(AuditCloudEvent.bytes(entry, URI.create("/localhost"), false), StandardCharsets.UTF_8);
    }

    /** The line of that seq with a member changed; with its hash made to match, if so wanted. */
    private void change(int seq, String member, Object value, boolean rehash) throws JsonProcessingException {
        ObjectNode entry = (ObjectNode) JSON.readTree(lines.get(seq - 1));
        entry.set(member, Json.MAPPER.valueToTree(value));
        if (rehash) {
            @SuppressWarnings("unchecked")
            Map<String, Object> members = JSON.convertValue(entry, Map.class);
            entry.put("hash", HashChain.hash(members));
        }
        lines.set(seq - 1, entry.toString());
    }

    private void expectFault(int seq, String reason, String... options) {
        Verb verb = Verb.verify(lines, options);
        assertThat(verb.status()).as(verb.out() + verb.err()).isEqualTo(1);
        assertThat(verb.lines().get(0)).isEqualTo("NOT WHOLE");
        assertThat(verb.lines().get(1)).startsWith(chain + ", seq " + seq + ": " + reason);
    }

    private void expectWhole(String... options) {
        Verb verb = Verb.verify(lines, options);
        assertThat(verb.status()).as(verb.out() + verb.err()).isZero();
        assertThat(verb.lines().get(0)).isEqualTo("whole");
    }

    @Test
    void whole_forwardsAndBackwards() {
        expectWhole();
        Collections.reverse(lines);
        expectWhole("--heads");
        assertThat(Verb.verify(lines, "--heads").out())
                .contains("40 entries in 1 chains, 0 of them not whole; no checkpoints")
                .contains(chain + ", seq 40: " + entries.get(39).hash());
    }

    @Test
    void whole_asEventsInAnyOrderAndRepeated() {
        lines = new ArrayList<>(entries.stream().map(VerifyFileTest::event).toList());
        lines.addAll(lines.subList(3, 30));
        Collections.shuffle(lines, new Random(3));
        expectWhole();
        lines.add(lines.get(0).replace("Firefox", "Firefux"));
        assertThat(Verb.verify(lines).lines().get(1)).contains("altered");
    }

    @Test
    void manyChains_eachIsChecked() {
        lines = new ChainGenerator(25, 3).lines(2_000);
        expectWhole();
        lines.remove(1_000);
        lines.remove(500);
        Verb verb = Verb.verify(lines);
        assertThat(verb.status()).isEqualTo(1);
        assertThat(verb.lines())
                .hasSize(4)
                .filteredOn(line -> line.contains("removed: it is missing"))
                .hasSize(2);
    }

    @Test
    void anAlteredEntry_isNamed() throws JsonProcessingException {
        for (String member : List.of("actor_id", "created_at", "request_id")) {
            generateAnew();
            change(17, member, "x", false);
            expectFault(17, "altered: its content does not match its hash");
        }
        generateAnew();
        change(17, "added", 1, false);
        expectFault(17, "altered");
        generateAnew();
        change(17, "actor_id", "mallory", true);
        expectFault(18, "link broken: its prev_hash is not the hash of seq 17");
    }

    private void generateAnew() {
        entries.clear();
        generate();
    }

    @Test
    void oneBitOfAnyByte_isNoticed() {
        byte[] line = lines.get(4).getBytes(StandardCharsets.UTF_8);
        assertThat(EntryReader.entry(line, 0, line.length, "it").fault()).isNull();
        for (int bit = 0; bit < line.length * Byte.SIZE; bit++) {
            line[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(EntryReader.entry(line, 0, line.length, "it").fault())
                    .as("bit %d", bit)
                    .isNotNull();
            line[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        }
    }

    @Test
    void aRemovedEntry_isNamed() {
        lines.remove(16);
        expectFault(17, "removed: it is missing");
        lines.subList(19, 29).clear();
        lines.add(16, line(entries.get(16)));
        expectFault(21, "removed: the entries 21 to 30 are missing");
    }

    @Test
    void aMissingBeginning_isNamedUnlessAPartIsAllRight() {
        lines.subList(0, 9).clear();
        expectFault(1, "removed: the entries 1 to 9 are missing");
        expectWhole("--partial");
        lines.remove(5);
        expectFault(15, "removed", "--partial");
    }

    @Test
    void exchangedEntries_areNamed() throws JsonProcessingException {
        Collections.swap(lines, 9, 10);
        expectFault(10, "reordered: it stands after seq 11");
        generateAnew();
        change(10, "seq", 20, false);
        change(20, "seq", 10, false);
        expectFault(10, "exchanged: what stands here and at seq 20 changed places", "--partial");
        generateAnew();
        change(10, "changes", entries.get(19).changes(), false);
        change(20, "changes", entries.get(9).changes(), false);
        expectFault(10, "exchanged: what stands here and at seq 20 changed places");
    }

    @Test
    void aRepeatedLine_isAFaultInAnExport() {
        lines.add(12, lines.get(11));
        expectFault(12, "repeated: it stands here twice");
    }

    @Test
    void aFork_isNamed() throws JsonProcessingException {
        lines = new ArrayList<>(entries.stream().map(VerifyFileTest::event).toList());
        ObjectNode event = (ObjectNode) JSON.readTree(lines.get(11));
        ObjectNode data = (ObjectNode) event.get("data");
        data.put("actor_id", "mallory");
        @SuppressWarnings("unchecked")
        Map<String, Object> members = JSON.convertValue(data, Map.class);
        data.put("hash", HashChain.hash(members));
        lines.add(event.toString());
        expectFault(12, "forked: two different entries have this seq");
        lines.set(40, lines.get(11).replaceFirst(entries.get(11).id().toString(), new UUID(1, 2).toString()));
        expectFault(12, "altered: its CloudEvent has another id");
    }

    @Test
    void whatIsNoEntry_isNamedByItsLine() {
        lines.add(3, "{\"chain\": 1}");
        lines.add(9, "{half");
        lines.add(10, "");
        lines.add(11, lines.get(12).replace("\"id\":", "\"seq\":5,\"id\":"));
        Verb verb = Verb.verify(lines);
        assertThat(verb.status()).isEqualTo(1);
        assertThat(verb.lines())
                .contains(
                        "line 4 is no audit entry",
                        "line 10 is not JSON, or has a member twice",
                        "line 12 is not JSON, or has a member twice");
    }

    @Test
    void aCutTail_showsByACheckpoint() throws IOException {
        String secret = "k1:" + Base64.getEncoder().encodeToString(new byte[32]);
        CheckpointKeys keys = CheckpointKeys.of(new Secret(secret), new Secret(""));
        Checkpoint head = keys.sign(chain, Checkpoint.HEAD, 40, entries.get(39).hash());
        String file =
                Files.writeString(folder.resolve("checkpoints"), line(head)).toString();
        String key = "k1=" + keys.publicKeys().get("k1");
        expectWhole("--checkpoints", file, "--public-key", key);
        assertThat(Verb.verify(lines, "--checkpoints", file).out())
                .contains("1 checkpoint (signatures not checked: no keys given)");
        lines.remove(39);
        expectFault(
                40,
                "the tail is cut: the log ends at seq 39, but a checkpoint signed at ",
                "--checkpoints",
                file,
                "--public-key",
                key);
        assertThat(Verb.run(Map.of("SCAIWAVE_SECRET_KEYS", secret), "keys").status())
                .isZero();
        assertThat(Verb.run(Map.of("SCAIWAVE_AUDIT_SIGNING_KEYS", secret), "keys")
                        .out()
                        .strip())
                .isEqualTo(key);

        Files.writeString(Path.of(file), line(head).replace("\"seq\":40", "\"seq\":39"));
        expectFault(39, "a checkpoint signed at ", "--checkpoints", file, "--public-key", key);
        assertThat(Verb.verify(lines, "--checkpoints", file, "--public-key", key)
                        .out())
                .contains("has a false signature");
        assertThat(Verb.verify(lines, "--checkpoints", file, "--public-key", key.replace("k1=", "k2="))
                        .out())
                .contains("is by a key that is not known here: k1");
    }

    @Test
    void aFloor_isWhereAChainMayBegin() throws IOException {
        CheckpointKeys keys =
                CheckpointKeys.of(new Secret("k1:" + Base64.getEncoder().encodeToString(new byte[32])), new Secret(""));
        Path file = folder.resolve("floors");
        Files.writeString(
                file, line(keys.sign(chain, Checkpoint.FLOOR, 10, entries.get(9).hash())));
        expectWhole("--checkpoints", file.toString());
        lines.subList(0, 10).clear();
        expectWhole("--checkpoints", file.toString());
        lines.remove(0);
        expectFault(11, "removed: it is missing", "--checkpoints", file.toString());
        Files.writeString(
                file, line(keys.sign(chain, Checkpoint.FLOOR, 11, entries.get(9).hash())));
        expectFault(12, "link broken", "--checkpoints", file.toString());
    }

    @Test
    void whatCannotBeRead_isASentenceAndStatus2() {
        for (String[] arguments : new String[][] {
            {"verify", "--file", folder.resolve("none").toString()},
            {"verify", "--file", folder.toString()},
            {"verify", "--db"},
            {"verify", "--db", "nonsense"},
            {"verify", "--db", "postgresql://a:b@127.0.0.1:1/c"},
            {"verify", "--kafka", "127.0.0.1:1", "--timeout", "1"},
            {"verify", "--file", "-", "--public-key", "k1=AAAA"},
            {"verify", "--file", "-", "--tenant", "none"},
            {"verify"},
            {"verify", "--db", "--kafka"},
            {"replay", "--from", "1"},
            {"reconcile"},
            {"keys"},
            {"frobnicate"},
            {"--frobnicate"}
        }) {
            Verb verb = Verb.run(Map.of(), arguments);
            assertThat(verb.status()).as(Arrays.toString(arguments)).isEqualTo(2);
            assertThat(verb.err()).as(Arrays.toString(arguments)).isNotBlank().doesNotContain("Exception", "\tat ");
        }
        assertThat(Verb.run(Map.of(), "verify", "--file", "pom.xml").err())
                .isEqualTo("verify: there is no audit entry in it: line 1 is not JSON, or has a member twice\n");
        assertThat(Verb.run(Map.of(), "frobnicate").err())
                .contains("Usage: scaiwave-admin", "verify", "reconcile", "replay", "keys");
        assertThat(Verb.run(Map.of(), "--help").status()).isZero();
        assertThat(Verb.run(Map.of(), "verify", "--help").out()).contains("--partial", "Exit status:");
    }
}
