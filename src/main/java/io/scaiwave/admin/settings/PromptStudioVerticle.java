package io.scaiwave.admin.settings;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Patch;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;

/** The tenant's prompt studio: a feature flag with an allowlist. */
public final class PromptStudioVerticle extends Feature {
    record Get() {}

    record Put(Patch body) {}

    static final Operation<Get, PromptStudio> GET = new Operation<>("getPromptStudio", Get.class);
    static final Operation<Put, PromptStudio> PUT = new Operation<>("updatePromptStudio", Put.class);

    private final Database database;
    private final AuditTrail trail;

    public PromptStudioVerticle(Database database, AuditTrail trail) {
        this.database = database;
        this.trail = trail;
    }

    @Override
    protected void listen() {
        serve(GET, this::get);
        serve(PUT, this::put);
    }

    private Future<Reply<PromptStudio>> get(Caller caller, Get query) {
        return PromptStudioStore.read(database, caller.tenant().id());
    }

    private Future<Reply<PromptStudio>> put(Caller caller, Put put) {
        return PromptStudioStore.update(trail, caller, put.body);
    }
}
