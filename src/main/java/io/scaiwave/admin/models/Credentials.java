package io.scaiwave.admin.models;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.Secrets;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.scaiwave.admin.outbound.Outbound;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The token with which a tenant's administrator may ask ScaiGrid: the tenant's own key, or their own token exchanged (RFC 8693). */
final class Credentials {
    private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);
    private static final int LOST_MAX = 10_000;

    /**
     * How ScaiGrid is asked for a tenant.
     *
     * @param tag names the way, and changes with the key
     * @param key null: the caller's own token is exchanged
     */
    record Way(String tag, @Nullable Secret key) {}

    private final Config.ScaiKey config;
    private final Database database;
    private final Secrets secrets;
    private final TokenExchange exchange;

    /** Those that the log has named: once is enough. */
    private final Cache<UUID, String> lost =
            Caffeine.newBuilder().maximumSize(LOST_MAX).build();

    Credentials(Outbound outbound, Config.ScaiKey config, Database database, Secrets secrets) {
        this.config = config;
        this.database = database;
        this.secrets = secrets;
        this.exchange = new TokenExchange(outbound, config);
    }

    private static final String WAY =
            "SELECT scaigrid_auth_mode, api_key_encrypted, api_key_number FROM ai_config WHERE tenant_id = $1";

    /** Fails with SW_AI_NO_TOKEN when the tenant's way is not set up at all. */
    Future<Way> way(UUID tenantId) {
        return database.read(Scope.ofTenant(tenantId), WAY, Tuple.of(tenantId))
                .map(rows -> Rows.first(rows, row -> way(row, tenantId)));
    }

    private Way way(Row row, UUID tenantId) {
        if (row.getString("scaigrid_auth_mode").equals("service_token")) {
            Secret key = key(row.getString("api_key_encrypted"), tenantId);
            return new Way("service_token:" + row.getLong("api_key_number"), key);
        }
        if (config.tokenUrl().isEmpty()) {
            throw NoToken.because("token exchange is not set up on this server");
        }
        return new Way("per_user_exchange", null);
    }

    private Secret key(String stored, UUID tenantId) {
        try {
            return secrets.decrypt(stored, tenantId.toString());
        } catch (Secrets.Lost e) {
            if (lost.asMap().putIfAbsent(tenantId, stored) == null) {
                LOG.error("the API key of tenant {} is lost until it is set again: {}", tenantId, e.getMessage());
            }
            throw NoToken.because("the tenant's API key cannot be decrypted any more; set it again");
        }
    }

    Future<Secret> token(Way way, Caller caller) {
        if (way.key() != null) {
            return Future.succeededFuture(way.key());
        }
        return exchange.exchange(caller.actor().token());
    }
}
