package io.scaiwave.admin.plugins;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.Change;
import io.scaiwave.admin.audit.ChangeSql;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Constraints;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Scope;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** plugin_states: what a tenant has on; partners.disabled_plugins: what is off for it all the same. */
final class PluginStore {
    private PluginStore() {}

    record States(Map<String, OffsetDateTime> enabledAt, Set<String> disabledByPartner) {}

    private static final String READ = """
            SELECT plugin_id, enabled_at, false AS by_partner FROM plugin_states
            WHERE tenant_id = $1 AND enabled_at IS NOT NULL
            UNION ALL
            SELECT plugins_off_above($1), NULL, true
            """;

    static Future<States> read(Database database, UUID tenantId) {
        return database.read(Scope.ofTenant(tenantId), READ, Tuple.of(tenantId)).map(rows -> {
            States states = new States(new HashMap<>(), new HashSet<>());
            for (Row row : rows) {
                if (row.getBoolean("by_partner")) {
                    states.disabledByPartner.add(row.getString("plugin_id"));
                } else {
                    states.enabledAt.put(row.getString("plugin_id"), row.getOffsetDateTime("enabled_at"));
                }
            }
            return states;
        });
    }

    private static final String OFF_ABOVE = "($2::text IN (SELECT plugins_off_above($1)))";

    private static final ChangeSql ENABLE = ChangeSql.of("""
            WITH change AS (
                INSERT INTO plugin_states AS s (tenant_id, plugin_id, enabled_at)
                SELECT $1, $2::text, date_trunc('milliseconds', clock_timestamp()) WHERE NOT %s
                ON CONFLICT ON CONSTRAINT plugin_states_pk
                DO UPDATE SET enabled_at = coalesce(s.enabled_at, excluded.enabled_at)
                RETURNING 'plugin.enable' AS action, new.plugin_id AS resource_id,
                          jsonb_build_object('enabled', old.enabled_at IS NOT NULL) AS before,
                          jsonb_build_object('enabled', true) AS after,
                          new.enabled_at, false AS by_partner)
            """.formatted(OFF_ABOVE));

    static Future<Reply<Plugin>> enable(AuditTrail trail, Caller caller, PluginManifest plugin) {
        return change(trail, caller, plugin, ENABLE);
    }

    private static final ChangeSql DISABLE = ChangeSql.of("""
            WITH change AS (
                INSERT INTO plugin_states AS s (tenant_id, plugin_id) VALUES ($1, $2::text)
                ON CONFLICT ON CONSTRAINT plugin_states_pk DO UPDATE SET enabled_at = NULL
                RETURNING 'plugin.disable' AS action, new.plugin_id AS resource_id,
                          jsonb_build_object('enabled', old.enabled_at IS NOT NULL) AS before,
                          jsonb_build_object('enabled', false) AS after,
                          new.enabled_at, %s AS by_partner)
            """.formatted(OFF_ABOVE));

    static Future<Reply<Plugin>> disable(AuditTrail trail, Caller caller, PluginManifest plugin) {
        return change(trail, caller, plugin, DISABLE);
    }

    private static Future<Reply<Plugin>> change(
            AuditTrail trail, Caller caller, PluginManifest plugin, ChangeSql statement) {
        return trail.change(
                caller,
                Chain.of(caller.tenant()),
                new Change<>(
                        statement,
                        Tuple.of(caller.tenant().id(), plugin.id()),
                        Constraints.NONE,
                        row -> Reply.of(
                                Plugin.of(plugin, row.getOffsetDateTime("enabled_at"), row.getBoolean("by_partner"))),
                        Failure.forbidden("a partner above this tenant has switched the plugin off")));
    }
}
