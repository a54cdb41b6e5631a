package io.scaiwave.admin.models;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Filter;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The catalog of models with the tenant's state of each, and the switch that turns one on or off. */
public final class ModelsVerticle extends Feature {
    record Query(
            @Nullable String modality,
            @Nullable Boolean enabled,
            @Nullable String q,
            int limit,
            int offset) {
        private boolean matches(ModelEntry entry) {
            return Filter.is(modality, entry.modality())
                    && Filter.is(enabled, entry.enabled())
                    && Filter.contains(q, entry.slug(), entry.displayName());
        }
    }

    record Switch(String slug) {}

    static final Operation<Query, List<ModelEntry>> LIST = new Operation<>("listModels", Query.class);
    static final Operation<Switch, ModelState> ENABLE = new Operation<>("enableModel", Switch.class);
    static final Operation<Switch, ModelState> DISABLE = new Operation<>("disableModel", Switch.class);

    private final Database database;
    private final AuditTrail trail;
    private final ModelCatalogs catalogs;

    public ModelsVerticle(Database database, AuditTrail trail, ModelCatalogs catalogs) {
        this.database = database;
        this.trail = trail;
        this.catalogs = catalogs;
    }

    @Override
    protected void listen() {
        serve(LIST, this::list);
        serve(ENABLE, this::enable);
        serve(DISABLE, this::disable);
    }

    private Future<Reply<List<ModelEntry>>> list(Caller caller, Query query) {
        return catalogs.of(caller)
                .compose(catalog -> ModelStore.read(database, caller.tenant().id())
                        .map(tenant -> {
                            List<ModelEntry> found = catalog.offer().models().stream()
                                    .<ModelEntry>map(model -> ModelEntry.of(model, tenant))
                                    .filter(query::matches)
                                    .toList();
                            return Reply.pageOf(found, query.limit, query.offset)
                                    .with("stale", catalog.stale())
                                    .with("as_of", catalog.asOf())
                                    .with("left_out", catalog.offer().leftOut());
                        }));
    }

    private Future<Reply<ModelState>> enable(Caller caller, Switch model) {
        return catalogs.require(caller, model.slug).compose(v -> ModelStore.enable(trail, caller, model.slug));
    }

    /** One that is on can always be turned off, also when ScaiGrid no longer offers it. */
    private Future<Reply<ModelState>> disable(Caller caller, Switch model) {
        return ModelStore.read(database, caller.tenant().id())
                .compose(tenant -> {
                    boolean on = tenant.enabled().contains(model.slug);
                    return on ? Future.succeededFuture() : catalogs.require(caller, model.slug);
                })
                .compose(v -> ModelStore.disable(trail, caller, model.slug));
    }
}
