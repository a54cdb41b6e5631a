package io.scaiwave.admin.http;

import io.scaiwave.admin.config.Config;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;

/** Health with its reasons, and the metrics, on a port that only operators reach. */
public final class ManagementVerticle extends VerticleBase {
    private static final int IDLE_MS = 60_000;
    private static final int HEAD_BYTES_MAX = 8_192;
    private static final long STOP_MS = 1_000;

    private final ApiParts parts;
    private HttpServer server;

    public ManagementVerticle(ApiParts parts) {
        this.parts = parts;
    }

    @Override
    public Future<?> start() {
        Config.Http config = parts.config().http();
        Router router = Router.router(vertx);
        router.route().handler(context -> {
            BrowserRules.apply(context.request());
            context.next();
        });
        new HealthRoutes(parts, true).mount(router, vertx);
        Routes.metrics(router, parts.meters());
        server = vertx.createHttpServer(new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.management().port())
                .setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(HEAD_BYTES_MAX)
                .setMaxHeaderSize(HEAD_BYTES_MAX)
                .setIdleTimeout(IDLE_MS)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS));
        return server.requestHandler(router)
                .listen()
                .recover(e -> Future.failedFuture(ListenAddress.management(config, e)));
    }

    @Override
    public Future<?> stop() {
        return server.shutdown(STOP_MS, TimeUnit.MILLISECONDS);
    }
}
