package io.scaiwave.admin.participants;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.scaiwave.admin.bus.Patch;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/**
 * A member of a tenant's rooms.
 *
 * @param fqid {@code @local_id:server_name}
 * @param settings what only a model participant has
 */
record Participant(
        String id,
        String localId,
        String serverName,
        String fqid,
        String displayName,
        @Nullable String avatarUrl,
        String participantType,
        @JsonUnwrapped @Nullable ModelSettings settings) {

    /** @param enabled whether it answers: it is enabled, and so is its model */
    record ModelSettings(String model, @Nullable String systemPrompt, String defaultResponseMode, boolean enabled) {}

    record Query(@Nullable String participantType, @Nullable String q, int limit, int offset) {}

    record Configure(String slug, Patch body) {}

    /** What is null is left to its default. */
    record NewModelParticipant(
            String model,
            String localId,
            String displayName,
            @Nullable String systemPrompt,
            @Nullable String defaultResponseMode,
            @Nullable Boolean enabled) {}

    /** @param fields what was sent, as the columns have it */
    record Creation(String model, JsonObject fields, String serverName) {}

    static Participant of(Row row) {
        return new Participant(
                row.getString("id"),
                row.getString("local_id"),
                row.getString("server_name"),
                "@" + row.getString("local_id") + ":" + row.getString("server_name"),
                row.getString("display_name"),
                row.getString("avatar_url"),
                row.getString("participant_type"),
                settings(row));
    }

    private static @Nullable ModelSettings settings(Row row) {
        if (!row.getString("participant_type").equals("model")) {
            return null;
        }
        return new ModelSettings(
                row.getString("model"),
                row.getString("system_prompt"),
                row.getString("default_response_mode"),
                row.getBoolean("answers"));
    }
}
