package io.scaiwave.admin.models;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.Change;
import io.scaiwave.admin.audit.ChangeSql;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.db.Constraints;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Which models a tenant has on: ai_config.enabled_models, and who takes part for them: participants. */
final class ModelStore {
    private ModelStore() {}

    private static final String READ = """
            SELECT enabled_models, default_model,
                   (SELECT coalesce(jsonb_object_agg(p.model, p.id), '{}') FROM participants p
                    WHERE p.tenant_id = c.tenant_id AND p.configured) AS participants
            FROM ai_config c WHERE tenant_id = $1
            """;

    static Future<TenantModels> read(Database database, UUID tenantId) {
        return database.read(Scope.ofTenant(tenantId), READ, Tuple.of(tenantId))
                .map(rows -> Rows.first(rows, row -> {
                    Map<String, String> participants = new HashMap<>();
                    row.getJsonObject("participants")
                            .forEach(each -> participants.put(each.getKey(), (String) each.getValue()));
                    return new TenantModels(
                            Set.of(row.getArrayOfStrings("enabled_models")),
                            row.getString("default_model"),
                            participants);
                }));
    }

    private static final Constraints RULES = new Constraints(
            Map.of("ai_config_models_max", Failure.capacity("a tenant can have 500 models enabled, and this one has")));

    private static final ChangeSql ENABLE = ChangeSql.of("""
            WITH change AS (
                UPDATE ai_config c
                SET enabled_models = CASE WHEN $2::text = ANY (enabled_models) THEN enabled_models
                                          ELSE enabled_models || $2::text END
                WHERE tenant_id = $1
                RETURNING 'model.enable' AS action, $2::text AS resource_id,
                          jsonb_build_object('enabled', $2::text = ANY (old.enabled_models)) AS before,
                          jsonb_build_object('enabled', true) AS after,
                          true AS enabled, coalesce(new.default_model = $2::text, false) AS is_default)
            """);

    static Future<Reply<ModelState>> enable(AuditTrail trail, Caller caller, String slug) {
        return change(trail, caller, slug, ENABLE);
    }

    // The first row answers the call. What else named the model is cleared in entries of their own, because it is
    // another resource; the row of note processing is always updated, so that a change that came in between is seen.
    private static final ChangeSql DISABLE = ChangeSql.of("""
            WITH config AS (
                UPDATE ai_config c
                SET enabled_models = array_remove(enabled_models, $2::text),
                    default_model = nullif(default_model, $2::text)
                WHERE tenant_id = $1
                RETURNING new.tenant_id, $2::text = ANY (old.enabled_models) AS was_enabled,
                          old.default_model IS NOT DISTINCT FROM $2::text AS was_default),
            notes AS (
                UPDATE note_processing n SET model = nullif(n.model, $2::text)
                FROM config WHERE n.tenant_id = config.tenant_id
                RETURNING n.tenant_id, audited(old) AS before, audited(new) AS after),
            change AS (
                SELECT 'model.disable' AS action, $2::text AS resource_id,
                       jsonb_build_object('enabled', was_enabled) AS before, jsonb_build_object('enabled', false) AS after,
                       false AS enabled, false AS is_default
                FROM config
                UNION ALL
                SELECT 'ai_config.update', tenant_id::text,
                       jsonb_build_object('default_model', $2::text), jsonb_build_object('default_model', NULL),
                       false, false
                FROM config WHERE was_default
                UNION ALL
                SELECT 'note_processing.update', tenant_id::text, before, after, false, false FROM notes)
            """);

    static Future<Reply<ModelState>> disable(AuditTrail trail, Caller caller, String slug) {
        return change(trail, caller, slug, DISABLE);
    }

    private static Future<Reply<ModelState>> change(AuditTrail trail, Caller caller, String slug, ChangeSql statement) {
        return trail.change(
                caller,
                Chain.of(caller.tenant()),
                new Change<>(
                        statement,
                        Tuple.of(caller.tenant().id(), slug),
                        RULES,
                        row -> Reply.of(state(row, slug)),
                        Failure.notFound("SW_TENANT_NOT_FOUND", "there is no such tenant")));
    }

    private static ModelState state(Row row, String slug) {
        return new ModelState(slug, row.getBoolean("enabled"), row.getBoolean("is_default"));
    }
}
