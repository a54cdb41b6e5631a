package io.scaiwave.admin.models;

import org.jspecify.annotations.Nullable;

/**
 * A model of the catalog with what the tenant made of it.
 *
 * @param participantId the participant through which it takes part in rooms
 */
record ModelEntry(
        String slug,
        String displayName,
        String modality,
        @Nullable Long contextWindow,
        @Nullable Long maxOutputTokens,
        String status,
        @Nullable String healthStatus,
        boolean enabled,
        boolean isDefault,
        @Nullable String participantId) {

    static ModelEntry of(Model model, TenantModels tenant) {
        return new ModelEntry(
                model.slug(),
                model.displayName(),
                model.modality(),
                model.contextWindow(),
                model.maxOutputTokens(),
                model.status(),
                model.healthStatus(),
                tenant.enabled().contains(model.slug()),
                model.slug().equals(tenant.defaultModel()),
                tenant.participants().get(model.slug()));
    }
}
