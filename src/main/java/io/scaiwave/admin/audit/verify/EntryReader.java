package io.scaiwave.admin.audit.verify;

import com.fasterxml.jackson.databind.ObjectReader;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.json.Json;
import java.io.IOException;
import java.util.Map;

/** Reads entries and checkpoints from JSON: as they are, or in the CloudEvents that the topics carry. */
public final class EntryReader {
    private static final ObjectReader MAPS = Json.MAPPER.readerForMapOf(Object.class);

    private EntryReader() {}

    public static Sighting entry(byte[] json, int from, int length, String where) {
        try {
            Map<String, Object> members = MAPS.readValue(json, from, length);
            if (members == null
                    || !members.containsKey("specversion")
                    || !(members.get("data") instanceof Map<?, ?> data)) {
                return members == null
                        ? Sighting.unreadable(where + " is no audit entry")
                        : Sighting.of(members, false, where);
            }
            @SuppressWarnings("unchecked") // the members of a JSON object are named by texts
            Sighting entry = Sighting.of((Map<String, Object>) data, true, where);
            // Consumers drop repeats by the envelope's id, so a false one hides an entry.
            return data.containsKey("id") && !data.get("id").equals(members.get("id"))
                    ? entry.withFault("altered: its CloudEvent has another id")
                    : entry;
        } catch (IOException e) {
            return Sighting.unreadable(where + " is not JSON, or has a member twice");
        }
    }

    /** @throws Unreadable for what is no checkpoint */
    public static Checkpoint checkpoint(byte[] json, int from, int length, String where) {
        try {
            Map<String, Object> members = MAPS.readValue(json, from, length);
            Object data = members.containsKey("specversion") ? members.get("data") : members;
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
