package io.scaiwave.admin.audit.log;

import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.db.UuidV7;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Conditions of a statement joined by AND, with their parameters: what is null is no condition. */
final class Conditions {
    /** How far the clocks of a database and its successor may lie apart. */
    private static final long CLOCKS_MS = TimeUnit.HOURS.toMillis(1);

    private static final String FIRST =
            "id >= (SELECT id FROM audit_log WHERE chain = %s AND created_at >= %s ORDER BY created_at, id LIMIT 1)";
    private static final String LAST =
            "id <= (SELECT id FROM audit_log WHERE chain = %s AND created_at < %s ORDER BY created_at DESC, id DESC LIMIT 1)";

    private final Tuple parameters;
    private final List<String> all = new ArrayList<>();

    private Conditions(Tuple parameters) {
        this.parameters = parameters;
    }

    Conditions() {
        this(Tuple.tuple());
    }

    /** Others of the same statement. */
    Conditions others() {
        return new Conditions(parameters);
    }

    /** @param condition with one {@code $} for the value */
    Conditions and(String condition, @Nullable Object value) {
        if (value != null) {
            all.add(condition.replace("$", parameter(value)));
        }
        return this;
    }

    /** What the caller may see: the chain of the tenant, or all chains in their reach. The columns are chain and partner_id. */
    Conditions visibleTo(Caller caller) {
        if (caller.target() != null) {
            return and("chain = $", Chain.nameOfTenant(caller.target().id()));
        }
        if (caller.reach().all()) {
            return this;
        }
        return and(
                "partner_id IN (SELECT p.id FROM partners p WHERE p.lineage @> ARRAY[$]::uuid[])",
                caller.reach().partnerId());
    }

    /** One chain, and of it what lies in the query's time: created_at does not run backwards in a chain, so that an index finds it. */
    Conditions ofChain(String chain, AuditQuery query) {
        and("chain = $", chain);
        if (query.since() != null) {
            all.add(FIRST.formatted(parameter(chain), parameter(query.since())));
        }
        if (query.until() != null) {
            all.add(LAST.formatted(parameter(chain), parameter(query.until())));
        }
        return this;
    }

    /** Of several chains nothing that was written before the query's time: an id is no older than its entry, give or take a clock. */
    Conditions since(AuditQuery query) {
        if (query.since() == null) {
            return this;
        }
        long since = Math.max(0, query.since().toInstant().toEpochMilli());
        return and("id >= $", UuidV7.before(UuidV7.after(UuidV7.NIL, since), CLOCKS_MS));
    }

    /** The filters on what happened. */
    Conditions about(AuditQuery query) {
        return and("action = $", query.action())
                .and("actor_id = $", query.actorId())
                .and("resource_type = $", query.resourceType())
                .and("resource_id = $", query.resourceId());
    }

    /** The filters on when it happened. */
    Conditions within(AuditQuery query) {
        return and("created_at >= $", query.since()).and("created_at < $", query.until());
    }

    String parameter(Object value) {
        parameters.addValue(value);
        return "$" + parameters.size();
    }

    Tuple parameters() {
        return parameters;
    }

    /** The conditions as one; {@code true} when there are none. */
    @Override
    public String toString() {
        return all.isEmpty() ? "true" : String.join(" AND ", all);
    }
}
