package io.scaiwave.admin.stats;

import java.util.List;

/** The names under which the running totals are kept. */
final class Totals {
    static final String ROOMS = "rooms";
    static final String PARTICIPANTS = "participants"; // kept by the trigger on their table
    static final String AI_REQUESTS = "ai_requests";
    static final String AI_INPUT_TOKENS = "ai_input_tokens";
    static final String AI_OUTPUT_TOKENS = "ai_output_tokens";
    static final String STORAGE_BYTES = "storage_bytes";
    static final String STORAGE_FILES = "storage_files";

    /** The period of what has none. */
    static final String ALWAYS = "";

    static final List<String> ROOM_TYPES = List.of("group", "dm", "incognito", "sidekick", "public", "bridge");
    static final List<String> PARTICIPANT_TYPES = List.of("human", "model", "agent", "helper", "bridge", "federated");

    private Totals() {}
}
