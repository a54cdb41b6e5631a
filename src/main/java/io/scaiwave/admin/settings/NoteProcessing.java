package io.scaiwave.admin.settings;

import java.time.OffsetDateTime;

/**
 * How AI tidies a tenant's notes.
 *
 * @param model one of the tenant's enabled models; null: none chosen
 */
record NoteProcessing(
        boolean enabled,
        String model,
        String prompt,
        boolean autoTitle,
        boolean autoTags,
        boolean autoCategorise,
        boolean extractTodos,
        OffsetDateTime updatedAt) {}
