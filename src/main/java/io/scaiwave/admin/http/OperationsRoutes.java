package io.scaiwave.admin.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.scaiwave.admin.audit.relay.Backlog;
import io.scaiwave.admin.audit.relay.TrailHealth;
import io.scaiwave.admin.auth.ScaiKeyAuth;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import io.vertx.ext.web.healthchecks.HealthCheckHandler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What operators and readers need besides the API: health, metrics, the contract, and its reference page. No token asked. */
final class OperationsRoutes {
    private static final double LAGGING_SECONDS = 30;
    private static final long CHECK_MS = 4_000;
    private static final long MEASURED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String SWAGGER_UI = "META-INF/resources/webjars/swagger-ui/5.30.1";

    private final Contract contract;
    private final ScaiKeyAuth auth;
    private final Config config;
    private final Database database;
    private final PrometheusMeterRegistry meters;
    private final TrailHealth trailHealth;
    private final Stopping stopping;
    private @Nullable Future<Backlog> measured;
    private long measuredAt;
    private @Nullable Future<Status> asked;
    private long askedAt;

    OperationsRoutes(Contract contract, ScaiKeyAuth auth, ApiParts parts) {
        this.contract = contract;
        this.auth = auth;
        this.config = parts.config();
        this.database = parts.database();
        this.meters = parts.meters();
        this.trailHealth = parts.trailHealth();
        this.stopping = parts.stopping();
    }

    void mount(Router router, Vertx vertx) {
        HealthChecks live = HealthChecks.create(vertx).register("process", promise -> promise.complete(Status.OK()));
        HealthChecks ready = HealthChecks.create(vertx)
                .register("server", promise -> promise.complete(stays()))
                .register("database", CHECK_MS, promise -> writable().onComplete(promise))
                .register("scaikey", promise -> promise.complete(keys()))
                .register("audit", CHECK_MS, promise -> audit().onComplete(promise));
        get(router, "/health/live", HealthCheckHandler.createWithHealthChecks(live));
        get(router, "/health/ready", HealthCheckHandler.createWithHealthChecks(ready));
        get(router, "/health", HealthCheckHandler.createWithHealthChecks(ready));
        get(router, "/metrics", text("text/plain; version=0.0.4; charset=utf-8", meters::scrape));
        get(router, "/openapi.yaml", text("application/yaml", contract::yaml));
        get(router, "/openapi.json", text("application/json", contract::json));
        get(router, "/asyncapi.yaml", context -> context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                .sendFile("asyncapi.yaml"));
        get(router, "/docs", context -> context.response().sendFile("docs.html"));
        get(router, "/docs/start.js", context -> context.response().sendFile("docs.js"));
        router.get("/docs/assets/*").handler(StaticHandler.create(SWAGGER_UI));
    }

    /** Answers GET at the path, and no other method. */
    private static void get(Router router, String path, Handler<RoutingContext> handler) {
        router.get(path).handler(handler);
        router.route(path).handler(context -> context.fail(405));
    }

    private static Handler<RoutingContext> text(String type, Supplier<String> content) {
        return context ->
                context.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(content.get());
    }

    /** Anyone may ask for health as often as they like; the database is asked once a second. */
    private Future<Status> writable() {
        long now = System.nanoTime();
        if (asked == null || now - askedAt > MEASURED_NANOS) {
            askedAt = now;
            asked = database.takesWrites().map(OperationsRoutes::status);
        }
        return asked;
    }

    private static Status status(boolean writes) {
        return writes ? Status.OK() : Status.KO(new JsonObject().put("reason", "the database takes no writes"));
    }

    private Status stays() {
        return stopping.hasBegun() ? Status.KO(new JsonObject().put("reason", "stopping")) : Status.OK();
    }

    private Status keys() {
        return auth.hasKeys() ? Status.OK() : Status.KO(new JsonObject().put("reason", "no signing keys yet"));
    }

    /** Anyone may ask for health as often as they like; it is measured once a second. */
    private Future<Backlog> backlog() {
        long now = System.nanoTime();
        if (measured == null || now - measuredAt > MEASURED_NANOS) {
            measuredAt = now;
            measured = Backlog.measure(database);
        }
        return measured;
    }

    /** Streaming that lags is degraded, not down: the entries wait in PostgreSQL, and requests are served. */
    private Future<Status> audit() {
        return backlog().map(backlog -> {
            boolean streams = config.kafka().enabled();
            double age = backlog.oldestAgeSeconds(streams);
            List<String> problems = trailHealth.problems();
            boolean well = age <= LAGGING_SECONDS && backlog.parked() == 0 && problems.isEmpty();
            return Status.OK(new JsonObject()
                    .put("state", well ? "ok" : "degraded")
                    .put("problems", new JsonArray(problems))
                    .put("streaming", streams ? "on" : "off")
                    .put("pending", backlog.pending(streams))
                    .put("oldest_age_seconds", age)
                    .put("parked", backlog.parked()));
        });
    }
}
