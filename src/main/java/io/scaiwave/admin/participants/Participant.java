package io.scaiwave.admin.participants;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.vertx.sqlclient.Row;

/**
 * A member of a tenant's rooms.
 *
 * @param fqid {@code @local_id:server_name}
 * @param settings what only a model participant has; null for the others
 */
record Participant(
        String id,
        String localId,
        String serverName,
        String fqid,
        String displayName,
        String avatarUrl,
        String participantType,
        @JsonUnwrapped ModelSettings settings) {

    /** @param enabled whether it answers: it is enabled, and so is its model */
    record ModelSettings(String model, String systemPrompt, String defaultResponseMode, boolean enabled) {}

    static Participant of(Row row) {
        boolean model = row.getString("participant_type").equals("model");
        return new Participant(
                row.getString("id"),
                row.getString("local_id"),
                row.getString("server_name"),
                "@" + row.getString("local_id") + ":" + row.getString("server_name"),
                row.getString("display_name"),
                row.getString("avatar_url"),
                row.getString("participant_type"),
                !model
                        ? null
                        : new ModelSettings(
                                row.getString("model"),
                                row.getString("system_prompt"),
                                row.getString("default_response_mode"),
                                row.getBoolean("answers")));
    }
}
