package io.scaiwave.admin.models;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.Secrets;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each tenant's catalog: in memory, behind it in PostgreSQL, behind that at ScaiGrid. A copy that is a little old is served and
 * refreshed behind the reply; when ScaiGrid is away the last good one is served as stale. Shared by all event loops.
 */
public final class ModelCatalogs {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCatalogs.class);
    private static final int TENANTS_MAX = 10_000;
    /** A model that is not in a copy older than this may have been added since. */
    private static final Duration MISSING_IS_MISSING = Duration.ofSeconds(2);

    private final Config.ScaiGrid config;
    private final Database database;
    private final Credentials credentials;
    private final ScaiGridClient scaiGrid;
    private final Cache<UUID, Copy> copies =
            Caffeine.newBuilder().maximumSize(TENANTS_MAX).build();

    public ModelCatalogs(Vertx vertx, Config config, Database database, Secrets secrets) {
        this.config = config.scaigrid();
        this.database = database;
        this.credentials = new Credentials(vertx, config.scaikey(), database, secrets);
        this.scaiGrid = new ScaiGridClient(vertx, config.scaigrid());
    }

    /** What is known of a tenant's catalog, and the one refresh that may be under way. */
    private static final class Copy {
        private @Nullable Catalog catalog;
        private @Nullable Future<Catalog> refreshing;

        synchronized @Nullable Catalog get() {
            return catalog;
        }

        synchronized void set(@Nullable Catalog fresh) {
            catalog = fresh;
        }

        /** ScaiGrid could not be asked: what is known is stale from now on. */
        synchronized void age() {
            catalog = catalog == null ? null : catalog.withStale(true);
        }
    }

    /** The catalog of the tenant acted on. */
    public Future<Catalog> of(Caller caller) {
        UUID tenant = caller.tenant().id();
        return credentials.way(tenant).compose(way -> copy(tenant).compose(copy -> of(caller, way, copy)));
    }

    private Future<Catalog> of(Caller caller, Credentials.Way way, Copy copy) {
        Catalog known = copy.get();
        if (known == null || !known.credential().equals(way.tag())) {
            return refresh(caller, way, copy).recover(e -> {
                if (known == null || refused(e)) {
                    return Future.failedFuture(e);
                }
                return Future.succeededFuture(known.withStale(true));
            });
        }
        Duration age = age(known);
        if (age.toMillis() > config.maxAgeMs() && !known.stale()) {
            return refresh(caller, way, copy).otherwise(e -> known.withStale(true));
        }
        if (age.toMillis() > config.refreshMs()) {
            refresh(caller, way, copy);
        }
        return Future.succeededFuture(known);
    }

    /** Completes when the model is in the catalog; fails with SW_MODEL_NOT_FOUND when it is not, asking ScaiGrid anew first. */
    public Future<Void> require(Caller caller, String slug) {
        return of(caller)
                .compose(known -> {
                    if (known.has(slug) || age(known).compareTo(MISSING_IS_MISSING) < 0) {
                        return Future.succeededFuture(known);
                    }
                    return refreshed(caller).otherwise(known);
                })
                .map(catalog -> {
                    if (!catalog.has(slug)) {
                        throw Failure.notFound("SW_MODEL_NOT_FOUND", "the catalog has no model " + slug);
                    }
                    return null;
                });
    }

    private Future<Catalog> refreshed(Caller caller) {
        UUID tenant = caller.tenant().id();
        return credentials.way(tenant).compose(way -> copy(tenant).compose(copy -> refresh(caller, way, copy)));
    }

    private Future<Copy> copy(UUID tenant) {
        Copy known = copies.getIfPresent(tenant);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        return CatalogStore.read(database, tenant).map(stored -> {
            Copy copy = copies.get(tenant, t -> new Copy());
            if (copy.get() == null) {
                copy.set(stored);
            }
            return copy;
        });
    }

    private Future<Catalog> refresh(Caller caller, Credentials.Way way, Copy copy) {
        synchronized (copy) {
            if (copy.refreshing != null) {
                return copy.refreshing;
            }
            Future<Catalog> begun = fetch(caller, way, copy);
            copy.refreshing = begun;
            begun.onComplete(done -> {
                synchronized (copy) {
                    copy.refreshing = null;
                }
            });
            return begun;
        }
    }

    private Future<Catalog> fetch(Caller caller, Credentials.Way way, Copy copy) {
        return credentials
                .token(way, caller)
                .compose(scaiGrid::models)
                .map(models -> new Catalog(models, way.tag(), now(), false))
                .onFailure(e -> copy.age())
                .onSuccess(fresh -> {
                    copy.set(fresh);
                    CatalogStore.write(database, caller.tenant().id(), fresh)
                            .onFailure(e -> LOG.warn("storing the catalog failed: {}", e.toString()));
                });
    }

    private static boolean refused(Throwable e) {
        return e instanceof Failure failure && failure.code().equals("SW_AI_NO_TOKEN");
    }

    private static Duration age(Catalog catalog) {
        return Duration.between(catalog.asOf(), now());
    }

    private static OffsetDateTime now() {
        return OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
    }
}
