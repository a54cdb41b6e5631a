package io.scaiwave.admin.plugins;

import com.fasterxml.jackson.core.type.TypeReference;
import io.scaiwave.admin.config.ConfigFile;
import io.scaiwave.admin.config.InvalidSetting;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The plugins that conf/plugins.yaml offers, by id. Read once, at the start. */
public final class Plugins {
    private final TreeMap<String, PluginManifest> byId = new TreeMap<>();

    private Plugins(@Nullable List<PluginManifest> manifests) {
        if (manifests == null || manifests.contains(null)) {
            throw new InvalidSetting("conf/plugins.yaml", "has an entry that is empty");
        }
        for (PluginManifest manifest : manifests) {
            if (byId.put(manifest.id(), manifest) != null) {
                throw new InvalidSetting("conf/plugins.yaml", "has two plugins with the id " + manifest.id());
            }
        }
    }

    /** Reads conf/plugins.yaml of the working directory, or else the one in the jar; refuses one that is malformed. */
    public static Plugins load() {
        return load(Path.of("conf"));
    }

    static Plugins load(Path folder) {
        return new Plugins(ConfigFile.read(folder, "plugins.yaml", new TypeReference<List<PluginManifest>>() {}));
    }

    /** Whether there is a plugin with this id. */
    public boolean has(String id) {
        return byId.containsKey(id);
    }

    @Nullable
    PluginManifest get(String id) {
        return byId.get(id);
    }

    Collection<PluginManifest> all() {
        return byId.values();
    }
}
