package io.scaiwave.admin.audit.verify;

import com.fasterxml.jackson.databind.ObjectReader;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.json.Utf8;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads entries and checkpoints from JSON: as they are, or in the CloudEvents that the topics carry. */
public final class EntryReader {
    private static final ObjectReader MAPS = Json.MAPPER.readerForMapOf(Object.class);

    private EntryReader() {}

    /** @param where it stood, for the case that it is no entry */
    public static Sighting entry(byte[] json, int from, int length, String where) {
        Sighting intact = PlainEntry.intact(json, from, length);
        return intact == null ? carefully(json, from, length, where) : intact;
    }

    private static Sighting carefully(byte[] json, int from, int length, String where) {
        try {
            Map<String, Object> members = members(json, from, length);
            if (members == null) {
                return Sighting.unreadable(where + " is no audit entry");
            }
            if (members.containsKey("specversion") && members.get("data") instanceof Map<?, ?> data) {
                return delivered(members, data, where);
            }
            return Sighting.of(members, false, where);
        } catch (IOException e) {
            return Sighting.unreadable(where + " is not JSON in UTF-8, or has a member twice");
        }
    }

    private static @Nullable Map<String, Object> members(byte[] json, int from, int length) throws IOException {
        if (!Utf8.isText(json, from, length)) {
            throw new CharacterCodingException();
        }
        return MAPS.readValue(json, from, length);
    }

    private static Sighting delivered(Map<String, Object> event, Map<?, ?> data, String where) {
        @SuppressWarnings("unchecked") // the members of a JSON object are named by texts
        Sighting entry = Sighting.of((Map<String, Object>) data, true, where);
        // Consumers drop repeats by the envelope's id, so a false one hides an entry.
        if (data.containsKey("id") && !data.get("id").equals(event.get("id"))) {
            return entry.withFault("altered: its CloudEvent has another id");
        }
        return entry;
    }

    /** @throws Unreadable for what is no checkpoint */
    public static Checkpoint checkpoint(byte[] json, int from, int length, String where) {
        try {
            Map<String, Object> members = members(json, from, length);
            Object data = members != null && members.containsKey("specversion") ? members.get("data") : members;
            Checkpoint checkpoint = Json.MAPPER.convertValue(data, Checkpoint.class);
            if (checkpoint != null
                    && checkpoint.chain() != null
                    && checkpoint.hash() != null
                    && checkpoint.signedAt() != null
                    && checkpoint.keyId() != null
                    && checkpoint.signature() != null
                    && (Checkpoint.HEAD.equals(checkpoint.kind()) || Checkpoint.FLOOR.equals(checkpoint.kind()))) {
                return checkpoint;
            }
        } catch (IOException | IllegalArgumentException e) {
            // falls through: neither JSON nor a checkpoint
        }
        throw new Unreadable(where + " is no checkpoint");
    }
}
