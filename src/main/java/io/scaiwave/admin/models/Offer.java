package io.scaiwave.admin.models;

import java.util.List;

/**
 * What ScaiGrid lists for a credential, as far as this API can show it.
 *
 * @param models ordered by slug
 * @param leftOut how many it listed that cannot be shown
 */
record Offer(List<Model> models, int leftOut) {}
