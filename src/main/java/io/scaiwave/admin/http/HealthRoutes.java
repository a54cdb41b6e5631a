package io.scaiwave.admin.http;

import io.scaiwave.admin.audit.relay.Backlog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.healthchecks.HealthCheckHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server lives, and whether it is to be sent requests. On the API's port anyone may ask, and learns which part is not
 * well; why it is not stands in the log, and on the management port.
 */
final class HealthRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(HealthRoutes.class);
    private static final double LAGGING_SECONDS = 30;
    /** Past it a check answers 500; the parts are given up sooner. */
    private static final long CHECK_MS = 4_000;

    private static final long ANSWER_MS = 2_500;
    private static final long MEASURED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Status DOWN = Status.KO();

    private final ApiParts parts;
    private final boolean detailed;
    private @Nullable Future<Backlog> measured;
    private long measuredAt;
    private @Nullable Future<Status> asked;
    private long askedAt;

    HealthRoutes(ApiParts parts, boolean detailed) {
        this.parts = parts;
        this.detailed = detailed;
    }

    void mount(Router router, Vertx vertx) {
        HealthChecks live = HealthChecks.create(vertx).register("process", promise -> promise.complete(Status.OK()));
        HealthChecks ready = HealthChecks.create(vertx)
                .register("server", promise -> promise.complete(stays()))
                .register("database", CHECK_MS, promise -> writable().onComplete(promise))
                .register("scaikey", promise -> promise.complete(keys()))
                .register("audit", CHECK_MS, promise -> audit().onComplete(promise));
        Routes.get(router, "/health/live", HealthCheckHandler.createWithHealthChecks(live));
        Routes.get(router, "/health/ready", HealthCheckHandler.createWithHealthChecks(ready));
        Routes.get(router, "/health", HealthCheckHandler.createWithHealthChecks(ready));
    }

    private Status down(String reason) {
        return detailed ? Status.KO(new JsonObject().put("reason", reason)) : DOWN;
    }

    /** An error's words may name roles and hosts. */
    private Future<Status> failed(String part, Throwable e) {
        LOG.debug("{} is not well", part, e);
        return Future.succeededFuture(down(String.valueOf(e.getMessage())));
    }

    /** Anyone may ask for health as often as they like; the database is asked once a second. */
    private Future<Status> writable() {
        long now = System.nanoTime();
        if (asked == null || (asked.isComplete() && now - askedAt > MEASURED_NANOS)) {
            askedAt = now;
            asked = parts.database()
                    .takesWrites()
                    .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
                    .map(writes -> writes ? Status.OK() : down("the database takes no writes"))
                    .recover(e -> failed("the database", e));
        }
        return asked;
    }

    private Status stays() {
        if (parts.life().isServing()) {
            return Status.OK();
        }
        return down(parts.life().isStopping() ? "stopping" : "starting");
    }

    private Status keys() {
        return parts.auth().hasKeys() ? Status.OK() : down("no signing keys yet");
    }

    /** Measured once a second, too. */
    private Future<Backlog> backlog() {
        long now = System.nanoTime();
        if (measured == null || (measured.isComplete() && now - measuredAt > MEASURED_NANOS)) {
            measuredAt = now;
            measured = Backlog.measure(parts.database()).timeout(ANSWER_MS, TimeUnit.MILLISECONDS);
        }
        return measured;
    }

    /** Streaming that lags is degraded, not down: the entries wait in PostgreSQL, and requests are served. */
    private Future<Status> audit() {
        return backlog().map(this::trail).recover(this::unmeasured);
    }

    /** What is known to be wrong is said, too: it may be why measuring failed. */
    private Future<Status> unmeasured(Throwable e) {
        LOG.debug("the audit trail is not well", e);
        JsonObject data = new JsonObject().put("problems", problems());
        return Future.succeededFuture(Status.KO(detailed ? data.put("reason", String.valueOf(e.getMessage())) : data));
    }

    private JsonArray problems() {
        Map<String, String> problems = parts.trailHealth().problems();
        return new JsonArray(List.copyOf(detailed ? problems.values() : problems.keySet()));
    }

    private Status trail(Backlog backlog) {
        boolean streams = parts.config().kafka().enabled();
        double age = backlog.oldestAgeSeconds(streams);
        JsonArray problems = problems();
        boolean well = age <= LAGGING_SECONDS && backlog.parked() == 0 && problems.isEmpty();
        return Status.OK(new JsonObject()
                .put("state", well ? "ok" : "degraded")
                .put("problems", problems)
                .put("streaming", streams ? "on" : "off")
                .put("pending", backlog.pending(streams))
                .put("oldest_age_seconds", age)
                .put("parked", backlog.parked()));
    }
}
