package io.scaiwave.admin.models;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.Secrets;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.outbound.Outbound;
import io.scaiwave.admin.text.Texts;
import io.scaiwave.admin.work.Turns;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ScaiGrid shows: to a tenant with its own key, else to each caller with their own token. It is in memory, and behind that at
 * ScaiGrid; the tenant's own view also in PostgreSQL. A copy that is a little old is served and refreshed behind the reply; when
 * ScaiGrid is away the last good one is served as stale. Shared by all event loops.
 */
public final class ModelCatalogs {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCatalogs.class);
    /** In memory, in all catalogs together. */
    private static final long MODELS_MAX = 250_000;
    /** A model that is not in a copy older than this may have been added since. */
    private static final Duration MISSING_IS_MISSING = Duration.ofSeconds(2);
    /** What a refresh needs beyond the asking. */
    private static final long STORING_MS = 15_000;

    /**
     * Who sees the catalog. Two administrators of one tenant may see different models, and one person with two roles too.
     *
     * @param credential the tenant's key by its number, or whose token is exchanged
     * @param own whether it is the tenant's own view: by its key, or by the token of someone who administers nothing but this tenant
     */
    private record Key(UUID tenant, String credential, boolean own) {}

    private record View(Key key, Credentials.Way way, Caller caller) {}

    /** Readings of one tenant: a tenth of the connections. */
    private static final int OF_ONE_MAX = 5;

    private static final int WAITING_OF_ONE_MAX = 20;
    private static final int WAITING_MAX = 1_000;
    private static final long TURN_MS = 5_000;

    /** Who waits for a slow ScaiGrid has a share of the connections to it, and leaves the rest to other tenants. */
    private static final Turns.Limits TURNS = new Turns.Limits(
            "readings of ScaiGrid's catalog",
            ScaiGridClient.CONNECTIONS_MAX,
            OF_ONE_MAX,
            WAITING_OF_ONE_MAX,
            WAITING_MAX,
            TURN_MS);

    private final Config.ScaiGrid config;
    private final long refreshTimeoutMs;
    private final Database database;
    private final Credentials credentials;
    private final ScaiGridClient scaiGrid;
    private final Counter refused;
    private final Counter unavailable;
    private final Turns turns;
    private final Cache<Key, Catalog> catalogs = Caffeine.newBuilder()
            .maximumWeight(MODELS_MAX)
            .weigher((Key key, Catalog catalog) -> catalog.offer().models().size() + 1)
            .build();
    private final ConcurrentMap<Key, Future<Catalog>> refreshing = new ConcurrentHashMap<>();

    public ModelCatalogs(Outbound outbound, Config config, Database database, MeterRegistry meters) {
        this.config = config.scaigrid();
        this.refreshTimeoutMs = config.scaikey().timeoutMs()
                + TURNS.waitMs()
                + this.config.readTimeoutMs()
                + this.config.timeoutMs()
                + STORING_MS;
        this.database = database;
        this.credentials = new Credentials(outbound, config.scaikey(), database, new Secrets(config.secrets()));
        this.scaiGrid = new ScaiGridClient(outbound, config.scaigrid());
        this.turns = new Turns(outbound.vertx(), TURNS);
        this.refused = failures(meters, "refused");
        this.unavailable = failures(meters, "unavailable");
    }

    private static Counter failures(MeterRegistry meters, String reason) {
        return Counter.builder("scaigrid.refresh.failures")
                .description("Times that a catalog could not be read from ScaiGrid")
                .tag("reason", reason)
                .register(meters);
    }

    /** What the caller sees. */
    public Future<Catalog> of(Caller caller) {
        return view(caller).compose(this::seen);
    }

    /** What may be enabled in the tenant acted on: what the tenant itself sees as far as that is known, else what the caller sees. */
    public Future<Catalog> allowed(Caller caller) {
        return view(caller).compose(view -> tenants(view).compose(kept -> {
            return kept == null ? seen(view) : Future.succeededFuture(kept);
        }));
    }

    /** Completes when the model may be enabled; fails with SW_MODEL_NOT_FOUND when not, asking ScaiGrid anew first. */
    public Future<Void> require(Caller caller, String slug) {
        return view(caller)
                .compose(view -> tenants(view).compose(kept -> {
                    return kept == null ? renewed(view, slug) : Future.succeededFuture(kept);
                }))
                .map(catalog -> {
                    if (!catalog.has(slug)) {
                        throw Failure.notFound("SW_MODEL_NOT_FOUND", "the catalog has no model " + slug);
                    }
                    return null;
                });
    }

    private Future<View> view(Caller caller) {
        UUID tenant = caller.tenant().id();
        return credentials.way(tenant).map(way -> {
            if (way.key() != null) {
                return new View(new Key(tenant, way.tag(), true), way, caller);
            }
            return new View(
                    new Key(
                            tenant,
                            exchanged(way, caller.actor()),
                            caller.reach().none()),
                    way,
                    caller);
        });
    }

    /** A delegated token may show less than the person's own. */
    private static String exchanged(Credentials.Way way, Caller.Actor actor) {
        String subject = way.tag() + ":" + actor.id();
        return actor.delegateId() == null ? subject : subject + " by " + actor.delegateId();
    }

    /** The tenant's own view that is kept, for a caller who sees another; null for one who sees it, or when there is none. */
    private Future<@Nullable Catalog> tenants(View view) {
        return view.key.own ? Future.succeededFuture() : CatalogStore.read(database, view.key.tenant);
    }

    private Future<Catalog> seen(View view) {
        Catalog known = catalogs.getIfPresent(view.key);
        if (known != null) {
            return served(view, known);
        }
        return CatalogStore.read(database, view.key.tenant).compose(kept -> {
            if (kept != null && view.key.own && kept.credential().equals(view.key.credential)) {
                catalogs.asMap().putIfAbsent(view.key, kept);
                return served(view, kept);
            }
            return refresh(view).recover(e -> {
                if (kept == null || NoToken.is(e)) {
                    return Future.failedFuture(e);
                }
                catalogs.asMap().putIfAbsent(view.key, kept.withStale(true));
                return Future.succeededFuture(kept.withStale(true));
            });
        });
    }

    private Future<Catalog> served(View view, Catalog known) {
        Duration age = age(known);
        if (age.toMillis() > config.maxAgeMs() && !known.stale()) {
            return refresh(view).otherwise(e -> known.withStale(true));
        }
        if (age.toMillis() > config.refreshMs()) {
            refresh(view);
        }
        return Future.succeededFuture(known);
    }

    private Future<Catalog> renewed(View view, String slug) {
        return seen(view).compose(known -> {
            if (known.has(slug) || age(known).compareTo(MISSING_IS_MISSING) < 0) {
                return Future.succeededFuture(known);
            }
            return refresh(view).otherwise(known);
        });
    }

    /** One at a time for each view, and each ends. */
    private Future<Catalog> refresh(View view) {
        Promise<Catalog> begun = Promise.promise();
        Future<Catalog> underWay = refreshing.putIfAbsent(view.key, begun.future());
        if (underWay != null) {
            return underWay;
        }
        Future.succeededFuture()
                .compose(v -> fetch(view))
                .timeout(refreshTimeoutMs, TimeUnit.MILLISECONDS)
                .onFailure(e -> (NoToken.is(e) ? refused : unavailable).increment())
                .onComplete(done -> {
                    refreshing.remove(view.key);
                    begun.handle(done);
                });
        return begun.future();
    }

    private Future<Catalog> fetch(View view) {
        return credentials
                .token(view.way, view.caller)
                .compose(token -> turns.take(view.key.tenant.toString(), () -> scaiGrid.models(token)))
                .recover(ModelCatalogs::busy)
                .map(offer -> new Catalog(offer, view.key.credential, now(), false))
                .onFailure(e -> catalogs.asMap().computeIfPresent(view.key, (key, known) -> aged(key, known, e)))
                .compose(fresh -> keep(view.key, fresh));
    }

    /** That many of one tenant wait is ScaiGrid's doing, not theirs. */
    private static Future<Offer> busy(Throwable e) {
        if (e instanceof Failure failure && failure.kind() == Failure.Kind.RATE_LIMITED) {
            return Future.failedFuture(Failure.unavailable(String.valueOf(e.getMessage())));
        }
        return Future.failedFuture(e);
    }

    /** What is known becomes stale; what was known by another credential ends when this one is refused. */
    private static @Nullable Catalog aged(Key key, Catalog known, Throwable e) {
        boolean lent = !known.credential().equals(key.credential);
        return lent && NoToken.is(e) ? null : known.withStale(true);
    }

    private Future<Catalog> keep(Key key, Catalog fresh) {
        catalogs.put(key, fresh);
        if (!key.own) {
            return Future.succeededFuture(fresh);
        }
        return CatalogStore.write(database, key.tenant, fresh)
                .onFailure(e -> LOG.warn("storing the catalog failed: {}", Texts.logged(e)))
                .otherwiseEmpty()
                .map(fresh);
    }

    /** A copy from the future, by a clock that was set back, is old too. */
    private static Duration age(Catalog catalog) {
        return Duration.between(catalog.asOf(), now()).abs();
    }

    private static OffsetDateTime now() {
        return OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
    }
}
