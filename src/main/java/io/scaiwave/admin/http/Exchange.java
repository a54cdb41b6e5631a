package io.scaiwave.admin.http;

import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** What every request and reply have: a request id that is echoed, and the envelope around what is answered. */
final class Exchange {
    static final String REQUEST_ID = "X-Request-Id";

    private static final String HEAD = "head";

    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    private Exchange() {}

    /** The id that was sent, if it is well-formed, else a new one; the same for the whole exchange. */
    static String requestId(RoutingContext context) {
        String id = context.get(REQUEST_ID);
        if (id == null) {
            String sent = context.request().getHeader(REQUEST_ID);
            id = sent != null && WELL_FORMED.matcher(sent).matches()
                    ? sent
                    : UUID.randomUUID().toString();
            context.put(REQUEST_ID, id);
        }
        return id;
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
        json(context, reply.created() ? 201 : 200, envelope);
    }

    /** Whether the client asked for the head of the reply alone; the request itself reads as a GET by then. */
    static boolean toHead(RoutingContext context) {
        return context.get(HEAD, false);
    }

    static void markHead(RoutingContext context) {
        context.put(HEAD, true);
    }

    static void json(RoutingContext context, int status, Object body) {
        head(context, status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(Buffer.buffer(Json.bytes(body)));
    }

    static HttpServerResponse head(RoutingContext context, int status) {
        return context.response()
                .setStatusCode(status)
                .putHeader(REQUEST_ID, requestId(context))
                .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .putHeader("X-Content-Type-Options", "nosniff");
    }
}
