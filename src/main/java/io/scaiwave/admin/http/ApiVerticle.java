package io.scaiwave.admin.http;

import io.scaiwave.admin.auth.ScaiKeyAuth;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.config.Config;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.JWTAuthHandler;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Serves HTTP: the router that openapi.yaml describes, each operation handed to its feature over the bus. */
public final class ApiVerticle extends VerticleBase {
    private static final String API = "/v1/";
    private static final String REALM = "scaiwave";
    private static final int URL_BYTES_MAX = 8_192;
    private static final int HEADERS_BYTES_MAX = 16_384;
    private static final long REPLY_MS = 60_000;
    private static final int MALFORMED = 400;

    static {
        // Vert.x reads this when it makes its first server: else it would answer odd versions and handshakes itself.
        System.setProperty("vertx.disableWebsockets", "true");
    }

    private final LoadedContract loaded;
    private final Contract contract;
    private final Map<String, Operation<?, ?>> operations;
    private final ApiParts parts;
    private final Config config;
    private final Streams streams;
    private final AccessLog log;
    private final ConnectionLimits limits;
    private final Connections connections;
    private HttpServer server;

    /** @param operations what the features serve, by operationId */
    public ApiVerticle(
            LoadedContract loaded, Map<String, Operation<?, ?>> operations, ApiParts parts, ConnectionLimits limits) {
        this.loaded = loaded;
        this.contract = loaded.contract();
        this.operations = operations;
        this.parts = parts;
        this.config = parts.config();
        this.streams = new Streams(parts.auth());
        this.log = new AccessLog(parts.meters());
        this.limits = limits;
        this.connections = new Connections(limits, parts.life());
    }

    @Override
    public Future<?> start() {
        BootCheck.run(contract, operations);
        server = vertx.createHttpServer(options());
        connections.watch(vertx);
        Gate gate = new Gate(router(parts.auth()), connections, log);
        parts.tls().renew(server);
        return server.connectionHandler(connections::opened)
                .exceptionHandler(connections::broke)
                .requestHandler(gate)
                .invalidRequestHandler(gate)
                .listen()
                .recover(e -> Future.failedFuture(ListenAddress.api(config.http(), e)));
    }

    private HttpServerOptions options() {
        Config.Http.Connections deadlines = config.http().connections();
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.http().host())
                .setPort(config.http().port())
                .setHttp2ClearTextEnabled(false)
                .setCompressionSupported(true)
                .setMaxInitialLineLength(URL_BYTES_MAX)
                .setMaxHeaderSize(HEADERS_BYTES_MAX)
                // The last resort against who takes nothing of a reply: a close in good order would wait for them.
                .setWriteIdleTimeout(Math.toIntExact(deadlines.idleMs() + deadlines.bodyMs() + REPLY_MS))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        parts.tls().applyTo(options, limits);
        return options;
    }

    public int port() {
        return server.actualPort();
    }

    private Router router(ScaiKeyAuth auth) {
        ContractPaths paths = new ContractPaths(contract);
        Errors errors = new Errors(paths);
        Router router = Router.router(vertx);
        router.route().failureHandler(errors);
        router.route().handler(this::observe);
        router.route().handler(paths);
        router.route().handler(context -> known(context, paths));
        new OperationsRoutes(contract, parts).mount(router, vertx);
        ClientAddress addresses = new ClientAddress(config.http().trustedProxies());
        router.route(API + "*")
                .handler(context -> parts.admission().approach(context, addresses.of(context.request())));
        router.route().subRouter(contracted(auth, addresses));
        Errors.ROUTER_STATUSES.forEach(status -> router.errorHandler(status, errors));
        return router;
    }

    private Router contracted(ScaiKeyAuth auth, ClientAddress addresses) {
        RouterBuilder builder = RouterBuilder.create(vertx, loaded.routes());
        builder.security("bearerAuth").httpHandler(JWTAuthHandler.create(auth, REALM));
        Endpoint.Shared shared =
                new Endpoint.Shared(loaded.validator(), parts.admission(), addresses, streams, parts.traces());
        RequestBody body = new RequestBody(config.http().bodyBytesMax());
        for (Contract.Operation operation : contract.operations().values()) {
            Endpoint endpoint = new Endpoint(operation, served(operation.id()), shared);
            OpenAPIRoute route = builder.getRoute(operation.id());
            route.setDoValidation(false)
                    .addHandler(endpoint::identify)
                    .addHandler(endpoint::negotiate)
                    // Not the handler itself: the router would insist on reading a body before it looks at the token.
                    .addHandler(context -> body.read(context))
                    .addHandler(endpoint::dispatch);
        }
        return builder.createRouter();
    }

    private Operation<?, ?> served(String id) {
        return Objects.requireNonNull(operations.get(id), id);
    }

    /** One line in the log and one measurement for each request, by operation. */
    private void observe(RoutingContext context) {
        Exchange.of(context).isTraced(parts.traces().traceparent());
        context.response().putHeader(Exchange.REQUEST_ID, Exchange.requestId(context));
        // Again at the end: the router clears all headers when it starts over.
        context.addHeadersEndHandler(v -> BrowserRules.apply(context.request()));
        context.addEndHandler(
                ended -> log.ended(Exchange.of(context), context.request().method(), status(context, ended)));
        context.request().exceptionHandler(e -> broken(context, e));
        context.next();
    }

    private static int status(RoutingContext context, AsyncResult<Void> ended) {
        if (ended.succeeded()) {
            return context.response().getStatusCode();
        }
        return Framing.malformed(ended.cause()) ? MALFORMED : AccessLog.GONE;
    }

    /** The body cannot be read on; where the client is still there, they are told. */
    private static void broken(RoutingContext context, Throwable e) {
        if (Framing.malformed(e)) {
            Refusal refusal = Refusal.malformed("the body's chunks are malformed");
            Errors.close(context.request(), refusal, Exchange.requestId(context));
        }
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
