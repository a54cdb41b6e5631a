package io.scaiwave.admin.http;

import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Failure.Kind;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that turns what went wrong into a reply: status, {@code SW_*} code, sentence, fields, request id. */
final class Errors implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    private static final Map<Kind, Integer> STATUS = Map.ofEntries(
            Map.entry(Kind.MALFORMED, 400),
            Map.entry(Kind.UNAUTHENTICATED, 401),
            Map.entry(Kind.FORBIDDEN, 403),
            Map.entry(Kind.NOT_FOUND, 404),
            Map.entry(Kind.METHOD_NOT_ALLOWED, 405),
            Map.entry(Kind.NOT_ACCEPTABLE, 406),
            Map.entry(Kind.CONFLICT, 409),
            Map.entry(Kind.STALE, 412),
            Map.entry(Kind.TOO_LARGE, 413),
            Map.entry(Kind.UNSUPPORTED, 415),
            Map.entry(Kind.INVALID, 422),
            Map.entry(Kind.RATE_LIMITED, 429),
            Map.entry(Kind.INTERNAL, 500),
            Map.entry(Kind.UPSTREAM, 502),
            Map.entry(Kind.UNAVAILABLE, 503));

    /** Every status that the router itself may end with; each is answered here. */
    static final Set<Integer> ROUTER_STATUSES = Set.of(400, 401, 403, 404, 405, 413, 500);

    private final ContractPaths paths;

    Errors(ContractPaths paths) {
        this.paths = paths;
    }

    @Override
    public void handle(RoutingContext context) {
        Failure failure = failure(context);
        if (failure.kind() == Kind.METHOD_NOT_ALLOWED) {
            context.response().putHeader(HttpHeaders.ALLOW, allowed(context));
        }
        write(context, failure);
    }

    static void write(RoutingContext context, Failure failure) {
        if (context.response().ended() || context.response().headWritten()) {
            context.response().reset();
            return;
        }
        if (failure.retryAfterSeconds() > 0) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(failure.retryAfterSeconds()));
        }
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", failure.code());
        error.put("message", failure.getMessage());
        if (!failure.details().isEmpty()) {
            error.put("details", failure.details());
        }
        error.put("request_id", Exchange.requestId(context));
        Exchange.json(context, STATUS.get(failure.kind()), Map.of("error", error));
    }

    private Failure failure(RoutingContext context) {
        for (Throwable cause = context.failure(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Failure failure) {
                return failure;
            }
        }
        if (context.failure() instanceof HttpException) {
            // Only the bearer handler throws these without a Failure inside: no token, or one of an impossible shape.
            return new Failure(
                    Kind.UNAUTHENTICATED,
                    "SW_AUTH_INVALID_TOKEN",
                    "a bearer token of ScaiKey is needed in Authorization");
        }
        return switch (context.statusCode()) {
            case 400 -> new Failure(Kind.MALFORMED, "SW_BAD_REQUEST", "the request is malformed");
            case 404 -> Failure.notFound("SW_NOT_FOUND", "there is nothing at this path");
            case 405 ->
                new Failure(Kind.METHOD_NOT_ALLOWED, "SW_METHOD_NOT_ALLOWED", "this path has other methods: see Allow");
            case 413 ->
                new Failure(Kind.TOO_LARGE, "SW_CONTENT_TOO_LARGE", "the body is larger than this server takes");
            default -> bug(context);
        };
    }

    private static Failure bug(RoutingContext context) {
        LOG.error(
                "{} {} failed, request {}",
                context.request().method(),
                context.request().path(),
                Exchange.requestId(context),
                context.failure());
        return Failure.internal();
    }

    private String allowed(RoutingContext context) {
        Set<String> methods = paths.methods(context.request().path());
        return methods.isEmpty() ? "GET, HEAD" : String.join(", ", methods);
    }
}
