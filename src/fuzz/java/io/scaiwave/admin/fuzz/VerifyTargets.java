package io.scaiwave.admin.fuzz;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.audit.verify.ChainVerifier;
import io.scaiwave.admin.audit.verify.EntryReader;
import io.scaiwave.admin.audit.verify.Lines;
import io.scaiwave.admin.audit.verify.SignedCheckpoints;
import io.scaiwave.admin.audit.verify.Tolerance;
import io.scaiwave.admin.audit.verify.Unreadable;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.json.CanonicalJson;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.json.PlainJson;
import io.scaiwave.admin.json.PlainMembers;
import io.scaiwave.admin.json.Utf8;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.erdtman.jcs.JsonCanonicalizer;

/** What parses the files and records that the verb verify is given. */
final class VerifyTargets {
    private static final ObjectMapper JSON = Json.MAPPER;
    private static final CheckpointKeys KEYS = CheckpointKeys.of(
            new Secret("k1:" + Base64.getEncoder().encodeToString(new byte[32])), new Secret(""));

    private VerifyTargets() {}

    /** A log of lines; whatever is in it, the answer is a verdict. */
    static void log(byte[] data) {
        for (boolean remembers : new boolean[] {true, false}) {
            ChainVerifier verifier = new ChainVerifier(remembers);
            new Lines(data, data.length, 1).read(EntryReader::entry).forEach(verifier::accept);
            verifier.finish(new Tolerance(!remembers, remembers));
        }
    }

    static void checkpoint(byte[] data) {
        ChainVerifier verifier = new ChainVerifier(true);
        try {
            new SignedCheckpoints(KEYS, verifier).add(EntryReader.checkpoint(data, 0, data.length, "here"));
        } catch (Unreadable e) {
            return; // no checkpoint
        }
        if (verifier.finish(new Tolerance(false, false)).isEmpty()) {
            throw new AssertionError("a checkpoint that nobody signed, or whose entry is missing, is no problem");
        }
    }

    /** Our canonical form is the reference's, wherever both have one, and so is the one that is cut from the bytes. */
    static void canonical(byte[] data) {
        if (!Utf8.isText(data, 0, data.length)) {
            return; // refused before
        }
        byte[] ours;
        byte[] theirs;
        try {
            ours = CanonicalJson.bytes(JSON.readValue(data, Object.class));
            theirs = new JsonCanonicalizer(new String(data, StandardCharsets.UTF_8)).getEncodedUTF8();
        } catch (IOException | IllegalArgumentException e) {
            return; // no JSON, or without a canonical form
        }
        requireEqual(ours, theirs);
        PlainMembers plain = PlainJson.read(data, 0, data.length);
        if (plain != null) {
            requireEqual(plain.bytes(), ours);
        }
    }

    private static void requireEqual(byte[] one, byte[] other) {
        if (!Arrays.equals(one, other)) {
            throw new AssertionError("two canonical forms: " + new String(one, StandardCharsets.UTF_8) + " and "
                    + new String(other, StandardCharsets.UTF_8));
        }
    }
}
