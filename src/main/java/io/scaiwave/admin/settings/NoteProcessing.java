package io.scaiwave.admin.settings;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * How AI tidies a tenant's notes.
 *
 * @param model one of the tenant's enabled models; null: none chosen
 */
record NoteProcessing(
        boolean enabled,
        @Nullable String model,
        @Nullable String prompt,
        boolean autoTitle,
        boolean autoTags,
        boolean autoCategorise,
        boolean extractTodos,
        OffsetDateTime updatedAt) {}
