package io.scaiwave.admin.http;

import io.scaiwave.admin.auth.Principal;
import io.scaiwave.admin.bus.LogFields;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request and its reply: what becomes known of the request on its way, and the form that every reply has. It stays with its
 * routing context, also when {@link ContractPaths} has that start over.
 */
final class Exchange {
    static final String REQUEST_ID = "X-Request-Id";

    private static final String KEY = Exchange.class.getName();
    private static final String JSON = "application/json";
    private static final String NO_OPERATION = "none";
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    private final String requestId;
    private @Nullable String traceparent;
    private final long began = System.nanoTime();
    private boolean head;
    private String operation = NO_OPERATION;
    private String mediaType = JSON;
    private Refusals.@Nullable Token token;
    private @Nullable Principal principal;
    private InFlight.@Nullable Place place;
    private @Nullable Buffer body;
    private @Nullable String errorCode;

    private Exchange(HttpServerRequest request) {
        this.requestId = requestIdFor(request.getHeader(REQUEST_ID));
        this.traceparent = TraceParent.of(request);
    }

    static Exchange of(RoutingContext context) {
        Exchange exchange = context.get(KEY);
        if (exchange == null) {
            exchange = new Exchange(context.request());
            context.put(KEY, exchange);
        }
        return exchange;
    }

    /** Of a request that never gets to the router. */
    static Exchange unrouted(HttpServerRequest request) {
        return new Exchange(request);
    }

    private static String requestIdFor(@Nullable String sent) {
        if (sent != null && WELL_FORMED.matcher(sent).matches()) {
            return sent;
        }
        return UUID.randomUUID().toString();
    }

    /** The id that was sent, if it is well-formed, else a new one. */
    static String requestId(RoutingContext context) {
        return of(context).requestId;
    }

    String requestId() {
        return requestId;
    }

    /** @param own the trace context of the span that was begun here; null where none was, and what was sent is passed on */
    void isTraced(@Nullable String own) {
        traceparent = own == null ? traceparent : own;
    }

    /** The trace context; null where there is none. */
    @Nullable
    String traceparent() {
        return traceparent;
    }

    /** The one that is already in the reply's head, or else a new one. */
    static String requestId(HttpServerRequest request) {
        String given = request.response().headers().get(REQUEST_ID);
        return given == null ? unrouted(request).requestId : given;
    }

    /** The body that was sent; null before it is read. */
    @Nullable
    Buffer body() {
        return body;
    }

    /** Whether the client asked for the head of the reply alone; the request itself reads as a GET by then. */
    static boolean toHead(RoutingContext context) {
        return of(context).head;
    }

    /** Which of the operation's media types the client prefers; where it has but one it is JSON, whatever Accept says. */
    static String mediaType(RoutingContext context) {
        return of(context).mediaType;
    }

    long nanos() {
        return System.nanoTime() - began;
    }

    /** The operationId; "none" where no operation is meant. */
    String operation() {
        return operation;
    }

    /** What a line of the log about this request has as fields. */
    LogFields logFields() {
        LogFields fields = new LogFields(operation, requestId).trace(traceparent);
        return principal == null ? fields : fields.by(principal.actor(), principal.target());
    }

    Principal principal() {
        return Objects.requireNonNull(principal, "a request is served before its principal is known");
    }

    InFlight.Place place() {
        return Objects.requireNonNull(place, "a request is served before it is let in");
    }

    void isServedAt(InFlight.Place taken) {
        place = taken;
    }

    void answerHead() {
        head = true;
    }

    void means(String operationId) {
        operation = operationId;
    }

    void prefers(String type) {
        mediaType = type;
    }

    void brings(Refusals.Token sent) {
        token = sent;
    }

    /** The token as the limit of refusals knows it; empty where there is no such limit. */
    Optional<Refusals.Token> token() {
        return Optional.ofNullable(token);
    }

    /** Is answered with that {@code SW_*} code. */
    void refuse(String code) {
        errorCode = code;
    }

    /** The code of the error that it is answered with; null when it is none. */
    @Nullable
    String errorCode() {
        return errorCode;
    }

    void carries(Buffer sent) {
        body = sent;
    }

    void isOf(Principal identified) {
        principal = identified;
    }

    static void write(RoutingContext context, Reply<?> reply) {
        String etag = reply.version() == null ? null : Preconditions.etag(reply.version());
        if (etag != null) {
            context.response().putHeader(HttpHeaders.ETAG, etag);
            if (context.request().method().equals(HttpMethod.GET) && Preconditions.noneMatch(context.request(), etag)) {
                head(context, 304).end();
                return;
            }
        }
        Map<String, Object> envelope = new LinkedHashMap<>();
        envelope.put("data", reply.data());
        if (!reply.meta().isEmpty()) {
            envelope.put("meta", reply.meta());
        }
        if (reply.replayed()) {
            context.response().putHeader("Idempotent-Replayed", "true");
        }
        json(context, reply.created() ? 201 : 200, envelope);
    }

    static void json(RoutingContext context, int status, Object body) {
        json(context.response(), requestId(context), status, body);
    }

    static void json(HttpServerResponse response, String requestId, int status, Object body) {
        head(response, requestId, status)
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .end(Buffer.buffer(Json.bytes(body)));
    }

    static HttpServerResponse head(RoutingContext context, int status) {
        return head(context.response(), requestId(context), status);
    }

    static HttpServerResponse head(HttpServerResponse response, String requestId, int status) {
        return response.setStatusCode(status)
                .putHeader(REQUEST_ID, requestId)
                .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .putHeader(HttpHeaders.VARY, "Authorization, X-Tenant-Id, Accept");
    }
}
