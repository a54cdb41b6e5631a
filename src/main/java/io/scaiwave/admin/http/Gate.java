package io.scaiwave.admin.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets pass what is well-formed HTTP. The rest is answered like every refusal, and its connection closed: nobody knows what comes next on it. */
final class Gate implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final Handler<HttpServerRequest> router;
    private final Connections connections;
    private final AccessLog log;

    Gate(Handler<HttpServerRequest> router, Connections connections, AccessLog log) {
        this.router = router;
        this.connections = connections;
        this.log = log;
    }

    @Override
    public void handle(HttpServerRequest request) {
        connections.began(request);
        BrowserRules.apply(request);
        Refusal fault = Framing.fault(request);
        if (fault != null) {
            refuse(request, fault);
        } else if (request.method().equals(HttpMethod.OPTIONS) && request.uri().equals("*")) {
            Exchange exchange = Exchange.unrouted(request);
            request.response().endHandler(v -> log.ended(exchange, request.method(), 204));
            Exchange.head(request.response(), exchange.requestId(), 204).end();
        } else {
            router.handle(request);
        }
    }

    private void refuse(HttpServerRequest request, Refusal refusal) {
        Exchange exchange = Exchange.unrouted(request);
        exchange.logFields()
                .with(() -> LOG.debug("a request is refused, request {}: {}", exchange.requestId(), refusal.message()));
        exchange.refuse(refusal.code());
        log.ended(exchange, request.method(), refusal.status());
        Errors.close(request, refusal, exchange.requestId());
    }
}
