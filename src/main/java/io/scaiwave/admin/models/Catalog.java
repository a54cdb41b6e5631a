package io.scaiwave.admin.models;

import java.time.OffsetDateTime;
import java.util.List;

/**
 * The models that ScaiGrid offers a tenant, by slug.
 *
 * @param credential the way they were fetched; another way may see other models
 * @param asOf when ScaiGrid said so
 * @param stale whether ScaiGrid could not be asked again since
 */
public record Catalog(List<Model> models, String credential, OffsetDateTime asOf, boolean stale) {

    public boolean has(String slug) {
        return models.stream().anyMatch(model -> model.slug().equals(slug));
    }

    Catalog withStale(boolean isStale) {
        return stale == isStale ? this : new Catalog(models, credential, asOf, isStale);
    }
}
