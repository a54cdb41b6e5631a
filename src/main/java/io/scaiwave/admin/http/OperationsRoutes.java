package io.scaiwave.admin.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;

/** What operators and readers need besides the API: health, metrics, the contracts with their pages, and the console. No token asked. */
final class OperationsRoutes {
    private static final String SWAGGER_UI = "META-INF/resources/webjars/swagger-ui/5.30.1";

    private final Contract contract;
    private final ApiParts parts;

    OperationsRoutes(Contract contract, ApiParts parts) {
        this.contract = contract;
        this.parts = parts;
    }

    void mount(Router router, Vertx vertx) {
        new HealthRoutes(parts, false).mount(router, vertx);
        if (parts.config().http().management().isAsked()) {
            router.route("/metrics").handler(context -> context.fail(404));
        } else {
            Routes.metrics(router, parts.meters());
        }
        Routes.get(router, "/openapi.yaml", Routes.text("application/yaml", contract::yaml));
        Routes.get(router, "/openapi.json", Routes.text("application/json", contract::json));
        Routes.get(router, "/asyncapi.yaml", context -> context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                .sendFile("asyncapi.yaml"));
        Routes.get(router, "/asyncapi.json", context -> vertx.executeBlocking(EventContract::json, false)
                .onSuccess(json -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(json))
                .onFailure(context::fail));
        docs(router);
        new ConsoleRoutes(parts.config().console()).mount(router, vertx);
    }

    private static void docs(Router router) {
        Routes.get(router, "/docs", page("docs.html", "../docs"));
        Routes.get(router, "/docs/start.js", file("docs.js"));
        Routes.get(router, "/docs/events", page("docs-events.html", "../events"));
        Routes.get(router, "/docs/events.js", file("docs-events.js"));
        Routes.get(router, "/docs/events.css", file("docs-events.css"));
        router.get("/docs/assets/*").handler(StaticHandler.create(SWAGGER_UI));
    }

    private static Handler<RoutingContext> file(String name) {
        return context -> context.response().sendFile(name);
    }

    /** A page whose links are relative, so that a path prefix may be before it: they need its address without a slash at the end. */
    private static Handler<RoutingContext> page(String name, String address) {
        return context -> {
            if (context.request().path().endsWith("/")) {
                context.response()
                        .setStatusCode(308)
                        .putHeader(HttpHeaders.LOCATION, address)
                        .end();
            } else {
                context.response().sendFile(name);
            }
        };
    }
}
