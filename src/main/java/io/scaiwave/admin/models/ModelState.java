package io.scaiwave.admin.models;

/** Whether a model is on for the tenant, and the default one. */
record ModelState(String slug, boolean enabled, boolean isDefault) {}
