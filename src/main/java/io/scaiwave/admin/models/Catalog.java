package io.scaiwave.admin.models;

import java.time.OffsetDateTime;

/**
 * The models that ScaiGrid offers for a credential, by slug.
 *
 * @param credential the way they were fetched; another way may see other models
 * @param asOf when ScaiGrid said so
 * @param stale whether ScaiGrid could not be asked again since
 */
public record Catalog(Offer offer, String credential, OffsetDateTime asOf, boolean stale) {

    public boolean has(String slug) {
        return offer.models().stream().anyMatch(model -> model.slug().equals(slug));
    }

    Catalog withStale(boolean isStale) {
        return stale == isStale ? this : new Catalog(offer, credential, asOf, isStale);
    }
}
