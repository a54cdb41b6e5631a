package io.scaiwave.admin.models;

/**
 * A model of the catalog with what the tenant made of it.
 *
 * @param participantId the participant through which it takes part in rooms; null when there is none
 */
record ModelEntry(
        String slug,
        String displayName,
        String modality,
        Long contextWindow,
        Long maxOutputTokens,
        String status,
        String healthStatus,
        boolean enabled,
        boolean isDefault,
        String participantId) {

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
