package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.audit.entry.AuditCloudEvent;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.HashChain;
import io.scaiwave.admin.audit.verify.EntryReader;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.testing.ChainGenerator;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The verb verify on files: what is whole, and every way of not being so. */
class VerifyFileTest {
    private static final int COUNT = 40;
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<AuditEntry> entries = new ChainGenerator(1, 7).entries(COUNT);
    private List<String> lines =
            new ArrayList<>(entries.stream().map(VerifyFileTest::line).toList());
    private final String chain = entries.get(0).chain();

    private static String line(Object value) {
        return new String(Json.bytes(value), StandardCharsets.UTF_8);
    }

    private static String event(AuditEntry entry) {
        return new String(AuditCloudEvent.bytes(entry, URI.create("/localhost"), TRACE), StandardCharsets.UTF_8);
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
        Verb.verify(lines, options).expectFault(chain + ", seq " + seq + ": " + reason);
    }

    private void expectWhole(String... options) {
        Verb.verify(lines, options).expectWhole();
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
        lines = new ArrayList<>(new ChainGenerator(25, 3).lines(2_000));
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
            undo();
            change(17, member, "x", false);
            expectFault(17, "altered: its content does not match its hash");
        }
        undo();
        change(17, "added", 1, false);
        expectFault(17, "altered");
        undo();
        change(17, "actor_id", "mallory", true);
        expectFault(18, "link broken: its prev_hash is not the hash of seq 17");
    }

    private void undo() {
        lines = new ArrayList<>(entries.stream().map(VerifyFileTest::line).toList());
    }

    @Test
    void oneBitOfAnyByte_isNoticed() {
        byte[] line = lines.get(4).getBytes(StandardCharsets.UTF_8);
        assertThat(EntryReader.entry(line, 0, line.length, "it").fault()).isEmpty();
        for (int bit = 0; bit < line.length * Byte.SIZE; bit++) {
            line[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(EntryReader.entry(line, 0, line.length, "it").fault())
                    .as("bit %d", bit)
                    .isNotEmpty();
            line[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        }
    }

    /** Jackson reads both as the same text; a verifier that is written in Python, for one, does not read the other at all. */
    @Test
    void aCharacterInTooManyBytes_isNoText() {
        byte[] line =
                lines.get(4).replaceFirst("ai_config", "\u00c1\u00a1i_config").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(EntryReader.entry(line, 0, line.length, "it").fault()).contains("not JSON in UTF-8");
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
        undo();
        change(10, "seq", 20, false);
        change(20, "seq", 10, false);
        expectFault(10, "exchanged: what stands here and at seq 20 changed places", "--partial");
        undo();
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
                        "line 10 is not JSON in UTF-8, or has a member twice",
                        "line 12 is not JSON in UTF-8, or has a member twice");
    }
}
