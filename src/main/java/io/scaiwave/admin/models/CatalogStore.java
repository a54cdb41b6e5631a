package io.scaiwave.admin.models;

import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.scaiwave.admin.json.Json;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** model_catalog: the last good catalog of each tenant. */
final class CatalogStore {
    private CatalogStore() {}

    private static final String READ =
            "SELECT models, left_out, credential, as_of FROM model_catalog WHERE tenant_id = $1";

    static Future<@Nullable Catalog> read(Database database, UUID tenantId) {
        return database.read(Scope.ofTenant(tenantId), READ, Tuple.of(tenantId))
                .map(rows -> Rows.first(
                        rows,
                        row -> new Catalog(
                                new Offer(
                                        Json.list(row.getJsonArray("models"), Model.class), row.getInteger("left_out")),
                                row.getString("credential"),
                                row.getOffsetDateTime("as_of"),
                                false)));
    }

    private static final String WRITE = """
            INSERT INTO model_catalog (tenant_id, models, left_out, credential, as_of) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant_id) DO UPDATE
            SET (models, left_out, credential, as_of) = (excluded.models, excluded.left_out, excluded.credential, excluded.as_of)
            """;

    static Future<Void> write(Database database, UUID tenantId, Catalog catalog) {
        Tuple row = Tuple.of(
                tenantId,
                Json.array(catalog.offer().models()),
                catalog.offer().leftOut(),
                catalog.credential(),
                catalog.asOf());
        return database.write(Scope.ofTenant(tenantId), WRITE, row).mapEmpty();
    }
}
