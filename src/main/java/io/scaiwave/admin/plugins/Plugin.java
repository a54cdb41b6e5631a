package io.scaiwave.admin.plugins;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plugin with the tenant's state of it.
 *
 * @param enabled whether it works for the tenant: it is on, and no partner above has switched it off
 * @param enabledAt since when it works
 * @param disabledByPartner whether a partner above has switched it off
 */
record Plugin(
        String id,
        String name,
        String version,
        String description,
        List<PluginManifest.Tool> tools,
        List<String> permissions,
        boolean injectsContext,
        String scope,
        boolean enabled,
        @Nullable OffsetDateTime enabledAt,
        boolean disabledByPartner) {

    static Plugin of(PluginManifest manifest, @Nullable OffsetDateTime enabledAt, boolean disabledByPartner) {
        boolean enabled = enabledAt != null && !disabledByPartner;
        return new Plugin(
                manifest.id(),
                manifest.name(),
                manifest.version(),
                manifest.description(),
                manifest.tools(),
                manifest.permissions(),
                manifest.injectsContext(),
                manifest.scope(),
                enabled,
                enabled ? enabledAt : null,
                disabledByPartner);
    }
}
