package io.scaiwave.admin;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.Denials;
import io.scaiwave.admin.audit.IdempotencyKeysVerticle;
import io.scaiwave.admin.audit.log.AuditLogVerticle;
import io.scaiwave.admin.audit.log.StreamLimits;
import io.scaiwave.admin.audit.relay.AuditRelayVerticle;
import io.scaiwave.admin.audit.relay.RelayObservers;
import io.scaiwave.admin.audit.relay.TrailHealth;
import io.scaiwave.admin.auth.Callers;
import io.scaiwave.admin.auth.ScaiKeyAuth;
import io.scaiwave.admin.bus.Feature;
import io.scaiwave.admin.bus.LocalCodec;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.Secrets;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.SchemaGate;
import io.scaiwave.admin.http.Admission;
import io.scaiwave.admin.http.ApiParts;
import io.scaiwave.admin.http.ApiVerticle;
import io.scaiwave.admin.http.ConnectionLimits;
import io.scaiwave.admin.http.InFlight;
import io.scaiwave.admin.http.Life;
import io.scaiwave.admin.http.LoadedContract;
import io.scaiwave.admin.http.ManagementVerticle;
import io.scaiwave.admin.http.RateLimit;
import io.scaiwave.admin.http.Refusals;
import io.scaiwave.admin.http.RequestLabels;
import io.scaiwave.admin.http.ServerTls;
import io.scaiwave.admin.models.ModelCatalogs;
import io.scaiwave.admin.models.ModelsVerticle;
import io.scaiwave.admin.outbound.Outbound;
import io.scaiwave.admin.participants.ParticipantsVerticle;
import io.scaiwave.admin.plugins.Plugins;
import io.scaiwave.admin.plugins.PluginsVerticle;
import io.scaiwave.admin.settings.AiConfigVerticle;
import io.scaiwave.admin.settings.NoteProcessingVerticle;
import io.scaiwave.admin.settings.OlderKeysVerticle;
import io.scaiwave.admin.settings.PromptStudioVerticle;
import io.scaiwave.admin.stats.ActivityVerticle;
import io.scaiwave.admin.stats.StatsVerticle;
import io.scaiwave.admin.tenants.PartnersVerticle;
import io.scaiwave.admin.tenants.TenantsVerticle;
import io.scaiwave.admin.tracing.OpenTelemetryTraces;
import io.scaiwave.admin.tracing.Traces;
import io.scaiwave.admin.work.Deadline;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server put together, in the order of its parts: a line for each feature. Stopped in the reverse order. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final long STOP_MS = 10_000;
    private static final long DATABASE_MS = 4_000;
    private static final long LOOPS_MS = 4_000;

    /** What a stop may take besides the delay and the draining of requests that the settings give it, in milliseconds. */
    static final long STOP_MS_BESIDES = STOP_MS + DATABASE_MS + LOOPS_MS;

    private static final long GIVE_UP_MS = 5_000;

    private final Config config;
    private final Traces traces;
    private final Vertx vertx;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Database database;
    private final TrailHealth trailHealth = new TrailHealth();
    private final Life life = new Life();
    private final Map<String, Operation<?, ?>> operations = new HashMap<>();
    private final Deque<Part> deployed = new ArrayDeque<>();
    private int port;

    private Server(Config config) {
        this.config = config;
        this.traces = config.tracing().enabled() ? new OpenTelemetryTraces() : Traces.OFF;
        this.vertx = vertx(meters, traces, config.http().instances());
        LocalCodec.install(vertx.eventBus());
        ProcessMeters.register(meters);
        this.database = new Database(vertx, config.db());
    }

    private static Vertx vertx(PrometheusMeterRegistry meters, Traces traces, int loops) {
        VertxBuilder builder = Vertx.builder()
                .withMetrics(new MicrometerMetricsFactory(meters))
                .with(new VertxOptions()
                        // As many as serve requests: a request that goes from thread to thread costs twice as much.
                        .setEventLoopPoolSize(loops)
                        .setPreferNativeTransport(true)
                        .setMetricsOptions(new MicrometerMetricsOptions()
                                .setEnabled(true)
                                // Servers of one name in one process would write to the registry of the first.
                                .setRegistryName(UUID.randomUUID().toString())
                                // The methods that Vert.x would write down are the client's to invent.
                                .setLabels(EnumSet.of(Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME))
                                .setServerRequestTagsProvider(RequestLabels::of)
                                .setClientRequestTagsProvider(RequestLabels::of)
                                .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS)
                                .addDisabledMetricsCategory(MetricsDomain.NET_CLIENT)));
        traces.into(builder);
        return builder.build();
    }

    /** Starts all of it, or nothing. Blocking. */
    static Server start(Config config, Plugins plugins) {
        return start(config, plugins, vertx -> new SchemaGate(vertx, config.db()).pass());
    }

    /** The same, whether there is a database or not. */
    static Server rehearse(Config config, Plugins plugins) {
        return start(config, plugins, vertx -> {});
    }

    private static Server start(Config config, Plugins plugins, Consumer<Vertx> gate) {
        Server server = new Server(config);
        try {
            ServerTls tls = ServerTls.open(config.http(), server.vertx, server.meters);
            gate.accept(server.vertx);
            server.run(plugins, tls).await();
            return server;
        } catch (RuntimeException | Error e) {
            server.giveUp();
            throw e;
        }
    }

    /** Closes what has started so far, or leaves it to the end of the process: what made the start fail may hold up its end too. */
    private void giveUp() {
        Thread closing = new Thread(this::close, "give up");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(GIVE_UP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Future<Void> run(Plugins plugins, ServerTls tls) {
        Secrets secrets = new Secrets(config.secrets());
        AuditTrail trail = new AuditTrail(database, vertx.eventBus());
        StreamLimits streams = new StreamLimits(meters);
        Outbound outbound = new Outbound(vertx, config.outbound().authorities());
        ModelCatalogs catalogs = new ModelCatalogs(outbound, config, database, meters);
        Config.Http http = config.http();
        Admission admission = new Admission(
                new Callers(database),
                new Admission.Limits(
                        new RateLimit(http.rateLimitPerMinute()),
                        new Refusals(http.badTokensPerMinute(), http.refusalsPerMinute()),
                        new InFlight(http.inFlight(), meters)),
                new Denials(trail, meters));
        ScaiKeyAuth auth = new ScaiKeyAuth(outbound, config.scaikey(), meters);
        Future<LoadedContract> contract = LoadedContract.load(vertx);
        ApiParts parts = new ApiParts(config, database, meters, auth, admission, trailHealth, life, tls, traces);
        return management(parts)
                .compose(v -> deploy(
                        "the audit relay",
                        1,
                        () -> new AuditRelayVerticle(
                                config, database, new RelayObservers(meters, trailHealth, traces))))
                .compose(v -> deploy("the idempotency keys", 1, () -> new IdempotencyKeysVerticle(database)))
                .compose(v -> deploy(
                        "the count of older keys",
                        1,
                        () -> new OlderKeysVerticle(
                                database, secrets, meters, config.audit().gaugesMs())))
                .compose(v -> feature(() -> new AiConfigVerticle(database, trail, catalogs, secrets)))
                .compose(v -> feature(() -> new PromptStudioVerticle(database, trail)))
                .compose(v -> feature(() -> new NoteProcessingVerticle(database, trail)))
                .compose(v -> feature(() -> new ModelsVerticle(database, trail, catalogs)))
                .compose(v -> feature(() -> new ParticipantsVerticle(database, trail, catalogs, config.serverName())))
                .compose(v -> feature(() -> new PluginsVerticle(database, trail, plugins)))
                .compose(v -> feature(
                        () -> new TenantsVerticle(trail, config.scaikey().linkBySuperAdminOnly())))
                .compose(v -> feature(() -> new PartnersVerticle(
                        database, trail, plugins, config.scaikey().linkBySuperAdminOnly())))
                .compose(v -> feature(() -> new AuditLogVerticle(
                        database, trail, streams, config.audit().heartbeatMs())))
                .compose(v -> feature(() -> new StatsVerticle(database)))
                .compose(v -> activity())
                .compose(v -> auth.start())
                .compose(v -> contract)
                .compose(loaded -> api(loaded, parts));
    }

    private Future<Void> management(ApiParts parts) {
        if (!config.http().management().isAsked()) {
            return Future.succeededFuture();
        }
        return deploy("the management port", 1, () -> new ManagementVerticle(parts));
    }

    private Future<Void> activity() {
        if (!config.kafka().enabled()) {
            return Future.succeededFuture();
        }
        return deploy("the activity consumer", 1, () -> new ActivityVerticle(config, database, meters));
    }

    private Future<Void> feature(Supplier<Feature> feature) {
        List<Feature> instances = new ArrayList<>();
        return deploy("a feature", config.http().instances(), () -> {
                    Feature instance = feature.get();
                    instances.add(instance);
                    return instance;
                })
                .onSuccess(v -> instances.get(0).operations().forEach(o -> operations.put(o.id(), o)));
    }

    private Future<Void> api(LoadedContract contract, ApiParts parts) {
        ConnectionLimits limits = new ConnectionLimits(config.http(), meters);
        List<ApiVerticle> instances = new ArrayList<>();
        return deploy("the API", config.http().instances(), () -> {
                    ApiVerticle api = new ApiVerticle(contract, operations, parts, limits);
                    instances.add(api);
                    return api;
                })
                .onSuccess(v -> {
                    port = instances.get(0).port();
                    life.serves();
                });
    }

    private Future<Void> deploy(String name, int instances, Supplier<Deployable> verticle) {
        return vertx.deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
                .onSuccess(id -> deployed.push(new Part(name, id)))
                .mapEmpty();
    }

    /** Where the API listens. */
    public int port() {
        return port;
    }

    /**
     * Refuses readiness and goes on serving for a while, finishes the requests and the audit backlog in hand, then stops. Blocking,
     * for a bounded time: what does not end is left to the end of the process, and has lost nothing.
     */
    @Override
    public void close() {
        life.stops();
        if (port > 0) {
            pause(config.http().stopDelayMs());
        }
        Deadline end = Deadline.in(config.http().drainMs() + STOP_MS);
        while (!deployed.isEmpty()) {
            Part part = deployed.pop();
            ended(part.name, vertx.undeploy(part.id), end);
        }
        ended("the connections to PostgreSQL", database.close(), Deadline.in(DATABASE_MS));
        ended("the event loops", vertx.close(), Deadline.in(LOOPS_MS));
        traces.close();
    }

    /** A deployed verticle. */
    private record Part(String name, String id) {}

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void ended(String part, Future<?> end, Deadline deadline) {
        try {
            end.await(Math.max(1, deadline.leftMs()), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            LOG.warn("{} failed to stop in order: {}", part, e.toString());
        }
    }
}
