package io.scaiwave.admin.audit;

import java.util.Map;

/** Something to be on record that changes no data. */
public record Occurrence(String action, String resourceId, Map<String, Object> details) {}
