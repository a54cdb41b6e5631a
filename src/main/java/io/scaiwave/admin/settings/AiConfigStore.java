package io.scaiwave.admin.settings;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.ChangeSql;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Patch;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.bus.Resource;
import io.scaiwave.admin.db.Constraints;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.scaiwave.admin.json.Json;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** ai_config: a row for each tenant, born with it. */
final class AiConfigStore {
    private static final String KIND = "ai_config";

    private AiConfigStore() {}

    record Stored(AiConfig config, String version) {
        Reply<AiConfig> reply() {
            return Reply.of(config, version);
        }
    }

    private static final Constraints RULES = new Constraints(Map.of(
            "ai_config_default_is_enabled",
            Failure.invalid("/default_model", "must be one of enabled_models, or null"),
            "ai_config_templates_bytes",
            Failure.invalid("/system_prompt_templates", "must be at most 300,000 bytes in all, as JSON in UTF-8"),
            "ai_config_service_token_has_key",
            Failure.invalid("/scaigrid_api_key", "is needed when scaigrid_auth_mode is service_token")));

    private static final String READ = """
            SELECT tenant_id, default_model, enabled_models, system_prompt_templates, scaigrid_auth_mode, api_key_masked,
                   version, updated_at
            FROM ai_config WHERE tenant_id = $1
            """;

    static Future<Stored> read(Database database, UUID tenantId) {
        return database.read(Scope.ofTenant(tenantId), READ, Tuple.of(tenantId))
                .map(rows -> Rows.first(rows, AiConfigStore::stored));
    }

    /** By an index, and two ranges of it: "other than" would read it all. */
    private static final String OLDER = """
            SELECT count(*) AS older FROM (
                SELECT FROM ai_config WHERE api_key_encrypted IS NOT NULL
                    AND (split_part(api_key_encrypted, ':', 1) < $1 OR split_part(api_key_encrypted, ':', 1) > $1)
                LIMIT 10000) AS other
            """;

    /** How many keys are not under that one. */
    static Future<Long> older(Database database, String keyId) {
        return database.read(Scope.ALL, OLDER, Tuple.of(keyId))
                .map(rows -> Rows.first(rows, row -> row.getLong("older")));
    }

    // A default model that was dropped from enabled_models goes with it, unless the same request names one; so does the
    // model of note processing, whose row is then always updated, so that a change that came in between is seen.
    private static final ChangeSql UPDATE = ChangeSql.of("""
            WITH config AS (
                UPDATE ai_config c
                SET (default_model, enabled_models, system_prompt_templates, scaigrid_auth_mode,
                     api_key_encrypted, api_key_masked, api_key_number) = (
                    SELECT CASE WHEN $2::jsonb ? 'default_model' OR p.default_model = ANY (p.enabled_models)
                                THEN p.default_model END,
                           p.enabled_models, p.system_prompt_templates, p.scaigrid_auth_mode,
                           p.api_key_encrypted, p.api_key_masked,
                           c.api_key_number + ($2::jsonb ? 'api_key_encrypted' AND p.api_key_encrypted IS NOT NULL)::int
                    FROM jsonb_populate_record(c, $2::jsonb) p)
                WHERE tenant_id = $1 AND ($3::bigint[] IS NULL OR version = ANY ($3::bigint[]))
                RETURNING new.tenant_id, audited(old) AS before, audited(new) AS after,
                          new.default_model, new.enabled_models, new.system_prompt_templates, new.scaigrid_auth_mode,
                          new.api_key_masked, new.version, new.updated_at),
            notes AS (
                UPDATE note_processing n
                SET model = CASE WHEN n.model = ANY (config.enabled_models) THEN n.model END
                FROM config WHERE n.tenant_id = config.tenant_id AND $2::jsonb ? 'enabled_models'
                RETURNING audited(old) AS before, audited(new) AS after),
            change AS (
                SELECT 'ai_config.update' AS action, tenant_id::text AS resource_id, config.* FROM config
                UNION ALL
                SELECT 'note_processing.update', config.tenant_id::text, config.tenant_id, notes.before, notes.after,
                       NULL, NULL, NULL, NULL, NULL, NULL, NULL
                FROM config, notes)
            """);

    private static final Settings<AiConfig> SETTINGS =
            new Settings<>(KIND, UPDATE, RULES, row -> stored(row).reply());

    static Future<Reply<AiConfig>> update(AuditTrail trail, Caller caller, Patch patch) {
        return SETTINGS.change(trail, caller, patch.fields());
    }

    private static Stored stored(Row row) {
        String version = new Resource(KIND, row.getUUID("tenant_id")).version(row.getLong("version"));
        AiConfig config = new AiConfig(
                row.getString("default_model"),
                List.of(row.getArrayOfStrings("enabled_models")),
                Json.list(row.getJsonArray("system_prompt_templates"), AiConfig.Template.class),
                row.getString("scaigrid_auth_mode"),
                row.getString("api_key_masked"),
                row.getOffsetDateTime("updated_at"));
        return new Stored(config, version);
    }
}
