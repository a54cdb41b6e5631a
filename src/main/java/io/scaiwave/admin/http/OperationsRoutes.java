package io.scaiwave.admin.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.StaticHandler;

/** What operators and readers need besides the API: health, metrics, the contract, its reference page, and the console. No token asked. */
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
        Routes.get(router, "/docs", context -> context.response().sendFile("docs.html"));
        Routes.get(router, "/docs/start.js", context -> context.response().sendFile("docs.js"));
        router.get("/docs/assets/*").handler(StaticHandler.create(SWAGGER_UI));
        new ConsoleRoutes(parts.config().console()).mount(router, vertx);
    }
}
