package io.scaiwave.admin.models;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Secret;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.Secrets;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The token with which a tenant's administrator may ask ScaiGrid: the tenant's own key, or their own token exchanged (RFC 8693). */
final class Credentials {
    private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);
    private static final int EXCHANGED_MAX = 10_000;
    private static final long MARGIN_SECONDS = 30;
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    /**
     * How ScaiGrid is asked for a tenant.
     *
     * @param tag names the way, and changes with the key
     * @param key null: the caller's own token is exchanged
     */
    record Way(String tag, @Nullable Secret key) {}

    private record Exchanged(Secret token, long untilMillis) {}

    private final Config.ScaiKey config;
    private final Database database;
    private final Secrets secrets;
    private final WebClient web;
    private final Cache<Secret, Exchanged> exchanged = Caffeine.newBuilder()
            .maximumSize(EXCHANGED_MAX)
            .expireAfterWrite(Duration.ofMinutes(10))
            .build();

    Credentials(Vertx vertx, Config.ScaiKey config, Database database, Secrets secrets) {
        this.config = config;
        this.database = database;
        this.secrets = secrets;
        this.web = WebClient.create(vertx);
    }

    static Failure noToken(String why) {
        return new Failure(Failure.Kind.UNAVAILABLE, "SW_AI_NO_TOKEN", "there is no usable ScaiGrid token: " + why);
    }

    private static final String WAY =
            "SELECT scaigrid_auth_mode, api_key_encrypted, api_key_number FROM ai_config WHERE tenant_id = $1";

    /** Fails with SW_AI_NO_TOKEN when the tenant's way is not set up at all. */
    Future<Way> way(UUID tenantId) {
        return database.read(WAY, Tuple.of(tenantId)).map(rows -> Rows.first(rows, row -> way(row, tenantId)));
    }

    private Way way(Row row, UUID tenantId) {
        if (row.getString("scaigrid_auth_mode").equals("service_token")) {
            Secret key = secrets.decrypt(row.getString("api_key_encrypted"), tenantId.toString());
            return new Way("service_token:" + row.getLong("api_key_number"), key);
        }
        if (config.tokenUrl().isEmpty()) {
            throw noToken("token exchange is not set up on this server");
        }
        return new Way("per_user_exchange", null);
    }

    Future<Secret> token(Way way, Caller caller) {
        if (way.key() != null) {
            return Future.succeededFuture(way.key());
        }
        Secret subject = caller.actor().token();
        Exchanged known = exchanged.getIfPresent(subject);
        if (known != null && System.currentTimeMillis() < known.untilMillis) {
            return Future.succeededFuture(known.token);
        }
        return exchange(subject).map(fresh -> {
            exchanged.put(subject, fresh);
            return fresh.token;
        });
    }

    private Future<Exchanged> exchange(Secret subject) {
        MultiMap form = MultiMap.caseInsensitiveMultiMap()
                .add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
                .add("subject_token", subject.value())
                .add("subject_token_type", ACCESS_TOKEN)
                .add("requested_token_type", ACCESS_TOKEN)
                .add("audience", "scaigrid");
        return web.postAbs(config.tokenUrl())
                .basicAuthentication(config.clientId(), config.clientSecret().value())
                .timeout(config.timeoutMs())
                .sendForm(form)
                .map(Credentials::exchanged)
                .recover(e -> {
                    LOG.warn("token exchange failed: {}", e.toString());
                    return Future.failedFuture(noToken("ScaiKey does not exchange the caller's token"));
                });
    }

    private static Exchanged exchanged(HttpResponse<Buffer> response) {
        if (response.statusCode() != 200) {
            throw new IllegalStateException("status " + response.statusCode());
        }
        JsonObject body = response.bodyAsJsonObject();
        long seconds = body.getLong("expires_in", MARGIN_SECONDS) - MARGIN_SECONDS;
        return new Exchanged(new Secret(body.getString("access_token")), System.currentTimeMillis() + seconds * 1000);
    }
}
