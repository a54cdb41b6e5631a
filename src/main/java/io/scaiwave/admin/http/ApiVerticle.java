package io.scaiwave.admin.http;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.scaiwave.admin.audit.Denials;
import io.scaiwave.admin.auth.Callers;
import io.scaiwave.admin.auth.ScaiKeyAuth;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
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
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves HTTP: the router that openapi.yaml describes, each operation handed to its feature over the bus. */
public final class ApiVerticle extends VerticleBase {
    private static final Logger ACCESS = LoggerFactory.getLogger("access");
    private static final String API = "/v1/";
    private static final String REALM = "scaiwave";
    private static final String BEGAN = "began";

    private final Config config;
    private final Contract contract;
    private final Map<String, Operation<?, ?>> operations;
    private final Database database;
    private final Callers callers;
    private final RateLimit limit;
    private final Denials denials;
    private final Streams streams = new Streams();
    private final PrometheusMeterRegistry meters;
    private HttpServer server;

    public ApiVerticle(
            Config config,
            Contract contract,
            Map<String, Operation<?, ?>> operations,
            Database database,
            Callers callers,
            RateLimit limit,
            Denials denials,
            PrometheusMeterRegistry meters) {
        this.config = config;
        this.contract = contract;
        this.operations = operations;
        this.database = database;
        this.callers = callers;
        this.limit = limit;
        this.denials = denials;
        this.meters = meters;
    }

    @Override
    public Future<?> start() {
        BootCheck.run(contract, operations);
        ScaiKeyAuth auth = new ScaiKeyAuth(vertx, config.scaikey());
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
        OperationsRoutes.mount(router, vertx, contract, database, auth, config, meters);
        router.route().subRouter(contracted(loaded, auth));
        Errors.ROUTER_STATUSES.forEach(status -> router.errorHandler(status, errors));
        return router;
    }

    private Router contracted(OpenAPIContract loaded, ScaiKeyAuth auth) {
        RouterBuilder builder = RouterBuilder.create(vertx, loaded);
        builder.security("bearerAuth").httpHandler(JWTAuthHandler.create(auth, REALM));
        Endpoint.Shared shared = new Endpoint.Shared(
                new ContractValidator(contract),
                callers,
                new ClientAddress(config.http().trustedProxies()),
                limit,
                new Refusals(callers, denials),
                streams);
        BodyHandler body = BodyHandler.create(false).setBodyLimit(config.http().bodyBytesMax());
        for (Contract.Operation operation : contract.operations().values()) {
            Endpoint endpoint = new Endpoint(operation, operations.get(operation.id()), shared);
            OpenAPIRoute route = builder.getRoute(operation.id());
            route.setDoValidation(false)
                    .addHandler(endpoint::identify)
                    .addHandler(endpoint::negotiate)
                    // Not the handler itself: the router would insist that a body be read before the token is looked
                    // at.
                    .addHandler(context -> body.handle(context))
                    .addHandler(endpoint::dispatch);
        }
        return builder.createRouter();
    }

    /** One line in the log and one measurement for each request, by operation. */
    private void observe(RoutingContext context) {
        context.response().putHeader(Exchange.REQUEST_ID, Exchange.requestId(context));
        if (context.get(BEGAN) == null) {
            long began = System.nanoTime();
            context.put(BEGAN, began);
            context.addEndHandler(ended -> {
                String operation = context.get(Endpoint.OPERATION, "none");
                int status = context.response().getStatusCode();
                long nanos = System.nanoTime() - began;
                Timer.builder("admin.requests")
                        .tag("operation", operation)
                        .tag("status", Integer.toString(status))
                        .register(meters)
                        .record(nanos, TimeUnit.NANOSECONDS);
                ACCESS.info(
                        "{} {} {} {} us, request {}",
                        operation,
                        context.request().method(),
                        status,
                        TimeUnit.NANOSECONDS.toMicros(nanos),
                        Exchange.requestId(context));
            });
        }
        context.next();
    }

    /** Answers OPTIONS, and refuses what the contract does not have: the router would let a slash at the end pass. */
    private static void known(RoutingContext context, ContractPaths paths) {
        var methods = paths.methods(context.request().path());
        if (context.request().method().equals(HttpMethod.OPTIONS) && !methods.isEmpty()) {
            context.response()
                    .setStatusCode(204)
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
