package io.scaiwave.admin.http;

import io.micrometer.core.instrument.Timer;
import io.scaiwave.admin.auth.ScaiKeyAuth;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.config.Config;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.JWTAuthHandler;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves HTTP: the router that openapi.yaml describes, each operation handed to its feature over the bus. */
public final class ApiVerticle extends VerticleBase {
    private static final Logger ACCESS = LoggerFactory.getLogger("access");
    private static final String API = "/v1/";
    private static final String REALM = "scaiwave";

    private final Contract contract;
    private final Map<String, Operation<?, ?>> operations;
    private final ApiParts parts;
    private final Config config;
    private Streams streams;
    private HttpServer server;

    /** @param operations what the features serve, by operationId */
    public ApiVerticle(Contract contract, Map<String, Operation<?, ?>> operations, ApiParts parts) {
        this.contract = contract;
        this.operations = operations;
        this.parts = parts;
        this.config = parts.config();
    }

    @Override
    public Future<?> start() {
        BootCheck.run(contract, operations);
        ScaiKeyAuth auth = new ScaiKeyAuth(vertx, config.scaikey());
        streams = new Streams(auth);
        server = vertx.createHttpServer(new HttpServerOptions()
                .setHost(config.http().host())
                .setPort(config.http().port())
                .setCompressionSupported(true));
        return auth.start().compose(v -> contract.forRouter(vertx)).compose(loaded -> {
            Router router = router(loaded, auth);
            return server.requestHandler(router).listen();
        });
    }

    public int port() {
        return server.actualPort();
    }

    private Router router(OpenAPIContract loaded, ScaiKeyAuth auth) {
        ContractPaths paths = new ContractPaths(contract);
        Errors errors = new Errors(paths);
        Router router = Router.router(vertx);
        router.route().failureHandler(errors);
        router.route().handler(paths);
        router.route().handler(this::observe);
        router.route().handler(context -> known(context, paths));
        new OperationsRoutes(contract, auth, parts).mount(router, vertx);
        ClientAddress addresses = new ClientAddress(config.http().trustedProxies());
        router.route(API + "*")
                .handler(context -> parts.admission().approach(context, addresses.of(context.request())));
        router.route().subRouter(contracted(loaded, auth, addresses));
        Errors.ROUTER_STATUSES.forEach(status -> router.errorHandler(status, errors));
        return router;
    }

    private Router contracted(OpenAPIContract loaded, ScaiKeyAuth auth, ClientAddress addresses) {
        RouterBuilder builder = RouterBuilder.create(vertx, loaded);
        builder.security("bearerAuth").httpHandler(JWTAuthHandler.create(auth, REALM));
        Endpoint.Shared shared =
                new Endpoint.Shared(new ContractValidator(contract), parts.admission(), addresses, streams);
        BodyHandler body = BodyHandler.create(false).setBodyLimit(config.http().bodyBytesMax());
        for (Contract.Operation operation : contract.operations().values()) {
            Endpoint endpoint = new Endpoint(operation, served(operation.id()), shared);
            OpenAPIRoute route = builder.getRoute(operation.id());
            route.setDoValidation(false)
                    .addHandler(endpoint::identify)
                    .addHandler(endpoint::negotiate)
                    // Not the handler itself: the router would insist on reading a body before it looks at the token.
                    .addHandler(context -> body.handle(context))
                    .addHandler(endpoint::dispatch);
        }
        return builder.createRouter();
    }

    private Operation<?, ?> served(String id) {
        return Objects.requireNonNull(operations.get(id), id);
    }

    /** One line in the log and one measurement for each request, by operation. */
    private void observe(RoutingContext context) {
        context.response().putHeader(Exchange.REQUEST_ID, Exchange.requestId(context));
        context.addEndHandler(ended -> ended(context));
        context.next();
    }

    private void ended(RoutingContext context) {
        Exchange exchange = Exchange.of(context);
        int status = context.response().getStatusCode();
        long nanos = exchange.nanos();
        Timer.builder("admin.requests")
                .tag("operation", exchange.operation())
                .tag("status", Integer.toString(status))
                .register(parts.meters())
                .record(nanos, TimeUnit.NANOSECONDS);
        ACCESS.info(
                "{} {} {} {} us, request {}",
                exchange.operation(),
                context.request().method(),
                status,
                TimeUnit.NANOSECONDS.toMicros(nanos),
                Exchange.requestId(context));
    }

    /** Answers OPTIONS, and refuses what the contract does not have: the router would let a slash at the end pass. */
    private static void known(RoutingContext context, ContractPaths paths) {
        Set<String> methods = paths.methods(context.request().path());
        if (context.request().method().equals(HttpMethod.OPTIONS) && !methods.isEmpty()) {
            Exchange.head(context, 204)
                    .putHeader("Allow", String.join(", ", methods))
                    .end();
        } else if (methods.isEmpty() && context.request().path().startsWith(API)) {
            context.fail(404);
        } else {
            context.next();
        }
    }

    @Override
    public Future<?> stop() {
        streams.stop();
        return server.shutdown(config.http().drainMs(), TimeUnit.MILLISECONDS);
    }
}
