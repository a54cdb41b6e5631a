package io.scaiwave.admin.settings;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.ChangeSql;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Patch;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.bus.Resource;
import io.scaiwave.admin.db.Constraints;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;

/** prompt_studio: a row for each tenant, born with it. */
final class PromptStudioStore {
    private static final String KIND = "prompt_studio";

    private PromptStudioStore() {}

    private static final String READ =
            "SELECT tenant_id, enabled, roles, groups, version, updated_at FROM prompt_studio WHERE tenant_id = $1";

    static Future<Reply<PromptStudio>> read(Database database, UUID tenantId) {
        return database.read(Scope.ofTenant(tenantId), READ, Tuple.of(tenantId))
                .map(rows -> Rows.first(rows, PromptStudioStore::reply));
    }

    // The flag is the tenant's feature prompt_studio too, for those who read the tenant.
    private static final ChangeSql UPDATE = ChangeSql.of("""
            WITH studio AS (
                UPDATE prompt_studio s
                SET (enabled, roles, groups) = (
                    SELECT p.enabled, p.roles, p.groups FROM jsonb_populate_record(s, $2::jsonb) p)
                WHERE tenant_id = $1 AND ($3::bigint[] IS NULL OR version = ANY ($3::bigint[]))
                RETURNING new.tenant_id, audited(old) AS before, audited(new) AS after,
                          new.enabled, new.roles, new.groups, new.version, new.updated_at),
            feature AS (
                UPDATE tenants t SET features = features || jsonb_build_object('prompt_studio', studio.enabled)
                FROM studio WHERE t.id = studio.tenant_id AND $2::jsonb ? 'enabled'),
            change AS (
                SELECT 'prompt_studio.update' AS action, tenant_id::text AS resource_id, studio.* FROM studio)
            """);

    private static final Settings<PromptStudio> SETTINGS =
            new Settings<>(KIND, UPDATE, Constraints.NONE, PromptStudioStore::reply);

    static Future<Reply<PromptStudio>> update(AuditTrail trail, Caller caller, Patch patch) {
        JsonObject fields = patch.without("allowlist").fields().mergeIn(patch.object("allowlist"));
        return SETTINGS.change(trail, caller, fields);
    }

    private static Reply<PromptStudio> reply(Row row) {
        return Reply.of(
                new PromptStudio(
                        row.getBoolean("enabled"),
                        new PromptStudio.Allowlist(
                                List.of(row.getArrayOfStrings("roles")), List.of(row.getArrayOfStrings("groups"))),
                        row.getOffsetDateTime("updated_at")),
                new Resource(KIND, row.getUUID("tenant_id")).version(row.getLong("version")));
    }
}
