package io.scaiwave.admin.models;

import org.jspecify.annotations.Nullable;

/** A model as ScaiGrid offers it. */
record Model(
        String slug,
        String displayName,
        String modality,
        @Nullable Long contextWindow,
        @Nullable Long maxOutputTokens,
        String status,
        @Nullable String healthStatus) {}
