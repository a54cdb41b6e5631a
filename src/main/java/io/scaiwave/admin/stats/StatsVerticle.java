package io.scaiwave.admin.stats;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;

/** The tenant's statistics: running totals, never a count. */
public final class StatsVerticle extends Feature {
    record Get() {}

    static final Operation<Get, Stats> GET = new Operation<>("getStats", Get.class);

    private final Database database;

    public StatsVerticle(Database database) {
        this.database = database;
    }

    @Override
    protected void listen() {
        serve(GET, this::get);
    }

    private Future<Reply<Stats>> get(Caller caller, Get query) {
        return StatsStore.read(database, caller.tenant().id()).map(Reply::of);
    }
}
