package io.scaiwave.admin.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/** Routes that need no token and are not of the contract. */
final class Routes {
    private Routes() {}

    /** Answers GET at the path, and no other method. */
    static void get(Router router, String path, Handler<RoutingContext> handler) {
        router.get(path).handler(handler);
        router.route(path).handler(context -> context.fail(405));
    }

    static Handler<RoutingContext> text(String type, Supplier<String> content) {
        return context ->
                context.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(content.get());
    }

    /** What Prometheus reads. */
    static void metrics(Router router, PrometheusMeterRegistry meters) {
        get(router, "/metrics", text("text/plain; version=0.0.4; charset=utf-8", meters::scrape));
    }
}
