package io.scaiwave.admin.plugins;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.scaiwave.admin.config.InvalidSetting;
import io.scaiwave.admin.text.Texts;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

    private static final int NAME_MAX = 200;
    private static final int VERSION_MAX = 100;
    private static final int DESCRIPTION_MAX = 2_000;
    private static final int ITEMS_MAX = 200;

    /** @param sideEffects whether a call changes something */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Tool(String name, String description, boolean sideEffects) {}

    PluginManifest {
        require(
                id != null && ID.matcher(id).matches(),
                "has a plugin whose id is not <owner>.<name>: " + Texts.logged(id));
        requireLine(id, "name", name, NAME_MAX);
        requireLine(id, "version", version, VERSION_MAX);
        requireText(id, "description", description, DESCRIPTION_MAX);
        require(SCOPES.contains(String.valueOf(scope)), "has a scope other than tenant, room or user for " + id);
        tools = listed(id, "tools", tools);
        for (Tool tool : tools) {
            requireLine(id, "name of a tool", tool.name(), NAME_MAX);
            requireText(id, "description of a tool", tool.description(), DESCRIPTION_MAX);
        }
        permissions = listed(id, "permissions", permissions);
        for (String permission : permissions) {
            requireLine(id, "permission", permission, NAME_MAX);
        }
    }

    private static <T> List<T> listed(String id, String what, @Nullable List<T> items) {
        List<T> all = items == null ? List.of() : items;
        require(all.size() <= ITEMS_MAX, "has more than " + ITEMS_MAX + " " + what + " for " + id);
        require(all.stream().noneMatch(Objects::isNull), "has an empty entry among the " + what + " for " + id);
        return List.copyOf(all);
    }

    private static void requireLine(String id, String what, @Nullable String text, int lengthMax) {
        requireText(id, what, text, lengthMax);
        String problem = " that is blank, or has characters that a line of text cannot have, for ";
        require(text != null && Texts.isLine(text, lengthMax), "has a " + what + problem + id);
    }

    private static void requireText(String id, String what, @Nullable String text, int lengthMax) {
        if (text == null || text.isBlank()) {
            throw refused("has no " + what + " for " + id);
        }
        require(
                text.codePointCount(0, text.length()) <= lengthMax,
                "has a " + what + " of more than " + lengthMax + " characters for " + id);
        require(
                Texts.isProse(text, lengthMax),
                "has a " + what + " that is blank, or has characters that a text cannot have, for " + id);
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw refused(problem);
        }
    }

    private static InvalidSetting refused(String problem) {
        return new InvalidSetting("conf/plugins.yaml", problem);
    }
}
