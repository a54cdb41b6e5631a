package io.scaiwave.admin.plugins;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Filter;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The plugins on offer with the tenant's state of each, and the switch that turns one on or off. */
public final class PluginsVerticle extends Feature {
    record Query(@Nullable Boolean enabled, @Nullable String q, int limit, int offset) {
        private boolean matches(Plugin plugin) {
            return Filter.is(enabled, plugin.enabled()) && Filter.contains(q, plugin.id(), plugin.name());
        }
    }

    record Switch(String pluginId) {}

    static final Operation<Query, List<Plugin>> LIST = new Operation<>("listPlugins", Query.class);
    static final Operation<Switch, Plugin> ENABLE = new Operation<>("enablePlugin", Switch.class);
    static final Operation<Switch, Plugin> DISABLE = new Operation<>("disablePlugin", Switch.class);

    private final Database database;
    private final AuditTrail trail;
    private final Plugins plugins;

    public PluginsVerticle(Database database, AuditTrail trail, Plugins plugins) {
        this.database = database;
        this.trail = trail;
        this.plugins = plugins;
    }

    @Override
    protected void listen() {
        serve(LIST, this::list);
        serve(ENABLE, this::enable);
        serve(DISABLE, this::disable);
    }

    private Future<Reply<List<Plugin>>> list(Caller caller, Query query) {
        return PluginStore.read(database, caller.tenant().id()).map(states -> {
            List<Plugin> found = plugins.all().stream()
                    .<Plugin>map(manifest -> Plugin.of(
                            manifest,
                            states.enabledAt().get(manifest.id()),
                            states.disabledByPartner().contains(manifest.id())))
                    .filter(query::matches)
                    .toList();
            return Reply.pageOf(found, query.limit, query.offset);
        });
    }

    private Future<Reply<Plugin>> enable(Caller caller, Switch plugin) {
        return manifest(plugin).compose(manifest -> PluginStore.enable(trail, caller, manifest));
    }

    private Future<Reply<Plugin>> disable(Caller caller, Switch plugin) {
        return manifest(plugin).compose(manifest -> PluginStore.disable(trail, caller, manifest));
    }

    private Future<PluginManifest> manifest(Switch plugin) {
        PluginManifest found = plugins.get(plugin.pluginId);
        if (found == null) {
            return Future.failedFuture(
                    Failure.notFound("SW_PLUGIN_NOT_FOUND", "there is no plugin " + plugin.pluginId));
        }
        return Future.succeededFuture(found);
    }
}
