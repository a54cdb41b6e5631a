package io.scaiwave.admin.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.scaiwave.admin.audit.relay.Backlog;
import io.scaiwave.admin.auth.ScaiKeyAuth;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.StaticHandler;
import io.vertx.ext.web.healthchecks.HealthCheckHandler;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/** What operators and readers need besides the API: health, metrics, the contract, and its reference page. No token asked. */
final class OperationsRoutes {
    private static final double LAGGING_SECONDS = 30;
    private static final long CHECK_MS = 4_000;

    private static final List<String> PATHS = List.of(
            "/health/live",
            "/health/ready",
            "/health",
            "/metrics",
            "/openapi.yaml",
            "/openapi.json",
            "/asyncapi.yaml",
            "/docs",
            "/docs/start.js");

    private static final String SWAGGER_UI = "META-INF/resources/webjars/swagger-ui/5.30.1";

    private OperationsRoutes() {}

    static void mount(
            Router router,
            Vertx vertx,
            Contract contract,
            Database database,
            ScaiKeyAuth auth,
            Config config,
            PrometheusMeterRegistry meters) {
        HealthChecks live = HealthChecks.create(vertx).register("process", promise -> promise.complete(Status.OK()));
        HealthChecks ready = HealthChecks.create(vertx)
                .register("database", CHECK_MS, promise -> database.read("SELECT 1", Tuple.tuple())
                        .map(rows -> Status.OK())
                        .onComplete(promise))
                .register(
                        "scaikey",
                        promise -> promise.complete(
                                auth.hasKeys()
                                        ? Status.OK()
                                        : Status.KO(new JsonObject().put("reason", "no signing keys yet"))))
                .register("audit", CHECK_MS, promise -> audit(database, config).onComplete(promise));
        router.get("/health/live").handler(HealthCheckHandler.createWithHealthChecks(live));
        router.get("/health/ready").handler(HealthCheckHandler.createWithHealthChecks(ready));
        router.get("/health").handler(HealthCheckHandler.createWithHealthChecks(ready));
        router.get("/metrics").handler(context -> context.response()
                .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                .end(meters.scrape()));
        router.get("/openapi.yaml").handler(context -> context.response()
                .putHeader("content-type", "application/yaml")
                .end(Buffer.buffer(contract.yaml())));
        router.get("/openapi.json").handler(context -> context.response()
                .putHeader("content-type", "application/json")
                .end(contract.json()));
        router.get("/asyncapi.yaml").handler(context -> context.response()
                .putHeader("content-type", "application/yaml")
                .sendFile("asyncapi.yaml"));
        router.get("/docs").handler(context -> context.response().sendFile("docs.html"));
        router.get("/docs/start.js").handler(context -> context.response().sendFile("docs.js"));
        router.get("/docs/assets/*").handler(StaticHandler.create(SWAGGER_UI));
        PATHS.forEach(path -> router.route(path).handler(context -> context.fail(405)));
    }

    /** Streaming that lags is degraded, not down: the entries wait in PostgreSQL, and requests are served. */
    private static Future<Status> audit(Database database, Config config) {
        return Backlog.measure(database).map(backlog -> {
            boolean streams = config.kafka().enabled();
            double age = backlog.oldestAgeSeconds(streams);
            return Status.OK(new JsonObject()
                    .put("state", age > LAGGING_SECONDS || backlog.parked() > 0 ? "degraded" : "ok")
                    .put("streaming", streams ? "on" : "off")
                    .put("pending", backlog.pending(streams))
                    .put("oldest_age_seconds", age)
                    .put("parked", backlog.parked()));
        });
    }
}
