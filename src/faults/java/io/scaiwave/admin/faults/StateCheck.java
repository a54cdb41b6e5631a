package io.scaiwave.admin.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The tables held against the log: each setting is as its last entry says, and has changed as often as it has entries. */
final class StateCheck {
    // changed: how often the row's own counter says that it was changed; null where it has none. A model is a part of
    // ai_config.
    private static final String TABLES = """
            SELECT 'tenant:' || tenant_id AS chain, 'ai_config' AS type, tenant_id::text AS id, audited(c)::text AS state,
                   version - 1 AS changed
            FROM ai_config c
            UNION ALL
            SELECT 'tenant:' || tenant_id, 'participant', id, audited(p)::text, version - 1 FROM participants p
            UNION ALL
            SELECT 'tenant:' || tenant_id, 'plugin', plugin_id, jsonb_build_object('enabled', enabled_at IS NOT NULL)::text, NULL
            FROM plugin_states
            UNION ALL
            SELECT 'tenant:' || tenant_id, 'model', m, '{"enabled": true}', NULL FROM ai_config, unnest(enabled_models) m
            """;

    private final LogCheck log;
    private final Map<String, Long> changes = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private long withoutEntry;
    private long withoutChange;

    private StateCheck(LogCheck log) {
        this.log = log;
        log.changesByResource.forEach((key, count) -> changes.merge(counter(key), count, Long::sum));
    }

    /** The counter of ai_config counts the models that are switched, too. */
    private static String counter(String key) {
        String[] parts = key.split(" ");
        return parts[1].equals("model") ? parts[0] + " ai_config " + parts[0].replace("tenant:", "") : key;
    }

    static void of(Stage stage, LogCheck log, Report report) throws SQLException {
        StateCheck check = new StateCheck(log);
        try (Connection connection = stage.database();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                check.row(rows);
            }
        }
        check.rest();
        report.none("changes in the tables without an entry", check.withoutEntry);
        report.none("entries without a change in the tables", check.withoutChange);
    }

    private void row(ResultSet row) throws SQLException {
        String type = row.getString("type");
        String key = row.getString("chain") + " " + type + " " + row.getString("id");
        seen.add(key);
        JsonNode state = LogCheck.parsed(row.getString("state"));
        LogCheck.Resource resource = log.resources.get(key);
        boolean asBorn =
                type.equals("ai_config") || (state.path("enabled").equals(BooleanNode.FALSE) && type.equals("plugin"));
        if (resource == null && !asBorn) {
            withoutEntry++;
            return;
        }
        long changed = row.getLong("changed");
        if (!row.wasNull()) {
            long logged = changes.getOrDefault(key, 0L);
            withoutEntry += Math.max(0, changed - logged);
            withoutChange += Math.max(0, logged - changed);
        }
        if (resource != null
                && resource.fields().entrySet().stream()
                        .anyMatch(field -> !state.path(field.getKey()).equals(field.getValue()))) {
            withoutChange++;
        }
    }

    /** What the log knows and no table has: a model that is off, and otherwise nothing. */
    private void rest() {
        withoutChange += log.resources.entrySet().stream()
                .filter(each -> Set.of("participant", "plugin", "model")
                        .contains(each.getValue().type()))
                .filter(each -> !seen.contains(each.getKey()))
                .filter(each -> !each.getValue().type().equals("model")
                        || each.getValue().fields().get("enabled").asBoolean())
                .count();
    }
}
