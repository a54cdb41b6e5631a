package io.scaiwave.admin.settings;

import java.time.OffsetDateTime;
import java.util.List;

/** Whether a tenant's members may write their own prompts, and which roles and groups of them. */
record PromptStudio(boolean enabled, Allowlist allowlist, OffsetDateTime updatedAt) {

    record Allowlist(List<String> roles, List<String> groups) {}
}
