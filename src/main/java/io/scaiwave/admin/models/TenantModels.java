package io.scaiwave.admin.models;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant made of the catalog.
 *
 * @param participants the participant's id by the model's slug
 */
record TenantModels(Set<String> enabled, @Nullable String defaultModel, Map<String, String> participants) {}
