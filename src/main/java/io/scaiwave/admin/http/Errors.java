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
        Exchange.json(context, status(failure.kind()), Map.of("error", error));
    }

    private static int status(Kind kind) {
        return switch (kind) {
            case MALFORMED -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case NOT_ACCEPTABLE -> 406;
            case CONFLICT -> 409;
            case STALE -> 412;
            case TOO_LARGE -> 413;
            case UNSUPPORTED -> 415;
            case INVALID -> 422;
            case RATE_LIMITED -> 429;
            case INTERNAL -> 500;
            case UPSTREAM -> 502;
            case UNAVAILABLE -> 503;
        };
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
