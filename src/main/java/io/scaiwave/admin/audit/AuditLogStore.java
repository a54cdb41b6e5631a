package io.scaiwave.admin.audit;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** Reads the audit log by keyset: entries before an id, of a tenant's chain or of a whole fleet. */
final class AuditLogStore {
    private AuditLogStore() {}

    /** One entry more than the limit, where there is one, so that the caller knows. */
    static Future<List<AuditEntry>> page(Database database, Caller caller, AuditLogVerticle.Query query, UUID before) {
        Conditions where = new Conditions();
        if (caller.tenant() != null) {
            where.add("chain = $", Chain.nameOfTenant(caller.tenant().id()));
        } else if (!caller.reach().all()) {
            where.add(
                    "partner_id IN (SELECT p.id FROM partners p WHERE p.lineage @> ARRAY[$]::uuid[])",
                    caller.reach().partnerId());
        }
        where.add("id < $", before);
        where.add("action = $", query.action());
        where.add("actor_id = $", query.actorId());
        where.add("resource_type = $", query.resourceType());
        where.add("resource_id = $", query.resourceId());
        where.add("created_at >= $", query.since());
        where.add("created_at < $", query.until());
        return database.read(
                        "SELECT " + AuditEntry.COLUMNS + " FROM audit_log" + where.sql + " ORDER BY id DESC LIMIT "
                                + where.parameter(query.limit() + 1),
                        where.parameters)
                .map(rows -> Rows.all(rows, AuditEntry::of));
    }

    /** The filters that were asked for, joined by AND: what is null does not filter. */
    private static final class Conditions {
        private final StringBuilder sql = new StringBuilder();
        private final Tuple parameters = Tuple.tuple();

        void add(String condition, Object value) {
            if (value != null) {
                sql.append(sql.isEmpty() ? " WHERE " : " AND ").append(condition.replace("$", parameter(value)));
            }
        }

        String parameter(Object value) {
            parameters.addValue(value);
            return "$" + parameters.size();
        }
    }
}
