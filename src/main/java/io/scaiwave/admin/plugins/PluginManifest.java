package io.scaiwave.admin.plugins;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.scaiwave.admin.Config;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A plugin as conf/plugins.yaml describes it. Refuses what the contract could not show. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record PluginManifest(
        String id,
        String name,
        String version,
        String description,
        List<Tool> tools,
        List<String> permissions,
        boolean injectsContext,
        String scope) {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}\\.[a-z0-9][a-z0-9_.-]{0,63}");
    private static final Set<String> SCOPES = Set.of("tenant", "room", "user");

    /** @param sideEffects whether a call changes something */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Tool(String name, String description, boolean sideEffects) {
        Tool {
            require(name != null && !name.isBlank() && description != null, "has a tool without name or description");
        }
    }

    PluginManifest {
        require(id != null && ID.matcher(id).matches(), "has a plugin whose id is not <owner>.<name>: " + id);
        require(name != null && !name.isBlank(), "has no name for " + id);
        require(version != null && !version.isBlank(), "has no version for " + id);
        require(description != null && !description.isBlank(), "has no description for " + id);
        require(SCOPES.contains(String.valueOf(scope)), "has a scope other than tenant, room or user for " + id);
        tools = tools == null ? List.of() : List.copyOf(tools);
        permissions = permissions == null ? List.of() : List.copyOf(permissions);
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new Config.Invalid("conf/plugins.yaml", problem);
        }
    }
}
