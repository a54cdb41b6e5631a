package io.scaiwave.admin.settings;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's default AI settings.
 *
 * @param scaigridApiKey masked: its first four characters if it is long enough, an ellipsis, its last four
 */
record AiConfig(
        @Nullable String defaultModel,
        List<String> enabledModels,
        List<Template> systemPromptTemplates,
        String scaigridAuthMode,
        @Nullable String scaigridApiKey,
        OffsetDateTime updatedAt) {

    record Template(String name, String prompt) {}
}
