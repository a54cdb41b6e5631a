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
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.UUID;

/** note_processing: a row for each tenant, born with it. */
final class NoteProcessingStore {
    private static final Constraints RULES = new Constraints(Map.of(
            "note_processing_model_is_enabled",
            Failure.invalid("/model", "must be one of the tenant's enabled models, or null")));

    private static final String KIND = "note_processing";

    private NoteProcessingStore() {}

    private static final String READ = """
            SELECT tenant_id, enabled, model, prompt, auto_title, auto_tags, auto_categorise, extract_todos, version,
                   updated_at
            FROM note_processing WHERE tenant_id = $1
            """;

    static Future<Reply<NoteProcessing>> read(Database database, UUID tenantId) {
        return database.read(Scope.ofTenant(tenantId), READ, Tuple.of(tenantId))
                .map(rows -> Rows.first(rows, NoteProcessingStore::reply));
    }

    // The row of ai_config is locked first, as disabling a model does, so that none is chosen while it goes.
    private static final ChangeSql UPDATE = ChangeSql.of("""
            WITH config AS (
                SELECT tenant_id, enabled_models FROM ai_config WHERE tenant_id = $1 FOR UPDATE),
            change AS (
                UPDATE note_processing n
                SET (enabled, model, prompt, auto_title, auto_tags, auto_categorise, extract_todos, model_is_enabled) = (
                    SELECT p.enabled, p.model, p.prompt, p.auto_title, p.auto_tags, p.auto_categorise, p.extract_todos,
                           p.model IS NULL OR p.model = ANY (config.enabled_models)
                    FROM jsonb_populate_record(n, $2::jsonb) p)
                FROM config
                WHERE n.tenant_id = config.tenant_id AND ($3::bigint[] IS NULL OR n.version = ANY ($3::bigint[]))
                RETURNING 'note_processing.update' AS action, new.tenant_id::text AS resource_id,
                          audited(old) AS before, audited(new) AS after,
                          new.tenant_id, new.enabled, new.model, new.prompt, new.auto_title, new.auto_tags, new.auto_categorise,
                          new.extract_todos, new.version, new.updated_at)
            """);

    private static final Settings<NoteProcessing> SETTINGS =
            new Settings<>(KIND, UPDATE, RULES, NoteProcessingStore::reply);

    static Future<Reply<NoteProcessing>> update(AuditTrail trail, Caller caller, Patch patch) {
        return SETTINGS.change(trail, caller, patch.fields());
    }

    private static Reply<NoteProcessing> reply(Row row) {
        return Reply.of(
                new NoteProcessing(
                        row.getBoolean("enabled"),
                        row.getString("model"),
                        row.getString("prompt"),
                        row.getBoolean("auto_title"),
                        row.getBoolean("auto_tags"),
                        row.getBoolean("auto_categorise"),
                        row.getBoolean("extract_todos"),
                        row.getOffsetDateTime("updated_at")),
                new Resource(KIND, row.getUUID("tenant_id")).version(row.getLong("version")));
    }
}
