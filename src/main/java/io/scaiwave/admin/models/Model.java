package io.scaiwave.admin.models;

/** A model as ScaiGrid offers it. */
record Model(
        String slug,
        String displayName,
        String modality,
        Long contextWindow,
        Long maxOutputTokens,
        String status,
        String healthStatus) {}
