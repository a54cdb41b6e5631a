package io.scaiwave.admin.http;

import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Failure.Kind;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that turns what went wrong into a reply: status, {@code SW_*} code, sentence, fields, request id. */
final class Errors implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    /** Every status that the router itself may end with; each is answered here. */
    static final Set<Integer> ROUTER_STATUSES = Set.of(400, 401, 403, 404, 405, 413, 416, 417, 500);

    private static final int METHOD_NOT_ALLOWED = 405;

    private final ContractPaths paths;

    Errors(ContractPaths paths) {
        this.paths = paths;
    }

    @Override
    public void handle(RoutingContext context) {
        Refusal refusal = context.failure() == null ? Refusal.of(context.statusCode()) : null;
        if (refusal == null) {
            write(context, failure(context));
            return;
        }
        if (refusal.status() == METHOD_NOT_ALLOWED) {
            context.response().putHeader(HttpHeaders.ALLOW, allowed(context));
        }
        if (open(context)) {
            Exchange.of(context).refuse(refusal.code());
            Exchange.json(context, refusal.status(), body(refusal, List.of(), Exchange.requestId(context)));
        }
    }

    /** Whether the reply can still be chosen; one that had begun is cut off. */
    private static boolean open(RoutingContext context) {
        boolean begun = context.response().ended() || context.response().headWritten();
        if (begun) {
            context.response().reset();
        }
        return !begun;
    }

    static void write(RoutingContext context, Failure failure) {
        if (!open(context)) {
            return;
        }
        if (failure.retryAfterSeconds() > 0) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(failure.retryAfterSeconds()));
        }
        Refusal refusal = new Refusal(status(failure.kind()), failure.code(), String.valueOf(failure.getMessage()));
        Exchange.of(context).refuse(refusal.code());
        Exchange.json(context, refusal.status(), body(refusal, failure.details(), Exchange.requestId(context)));
    }

    static Map<String, Object> body(Refusal refusal, List<Failure.Detail> details, String requestId) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", refusal.code());
        error.put("message", refusal.message());
        if (!details.isEmpty()) {
            error.put("details", details);
        }
        error.put("request_id", requestId);
        return Map.of("error", error);
    }

    /** Answers, if that is still possible, and closes the connection. */
    static void close(HttpServerRequest request, Refusal refusal, String requestId) {
        HttpServerResponse response = request.response();
        if (!response.ended() && !response.headWritten()) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            Exchange.json(response, requestId, refusal.status(), body(refusal, List.of(), requestId));
        }
        request.connection().close();
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
        return bug(context);
    }

    private static Failure bug(RoutingContext context) {
        Exchange exchange = Exchange.of(context);
        exchange.logFields()
                .with(() -> LOG.error(
                        "{} failed, request {}", exchange.operation(), exchange.requestId(), context.failure()));
        return Failure.internal();
    }

    private String allowed(RoutingContext context) {
        Set<String> methods = paths.methods(context.request().path());
        return methods.isEmpty() ? "GET, HEAD" : String.join(", ", methods);
    }
}
