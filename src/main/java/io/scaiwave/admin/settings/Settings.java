package io.scaiwave.admin.settings;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.Change;
import io.scaiwave.admin.audit.ChangeSql;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.bus.Resource;
import io.scaiwave.admin.db.Constraints;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.function.Function;

/**
 * How all settings of a tenant are changed: its row is there from the start, and what was sent is merged into it.
 *
 * @param kind as in the names of actions
 * @param update takes the tenant, the fields, and the versions of which the row must have one
 * @param rules what a violated constraint means to the caller
 */
record Settings<R>(String kind, ChangeSql update, Constraints rules, Function<Row, Reply<R>> reply) {

    Future<Reply<R>> change(AuditTrail trail, Caller caller, JsonObject fields) {
        Resource settings = new Resource(kind, caller.tenant().id());
        Tuple parameters =
                Tuple.of(settings.id(), fields, caller.request().terms().versions(settings));
        return trail.change(
                caller, Chain.of(caller.tenant()), new Change<>(update, parameters, rules, reply, Failure.stale()));
    }
}
