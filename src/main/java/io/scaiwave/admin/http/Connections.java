package io.scaiwave.admin.http;

import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.scaiwave.admin.config.Config;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one verticle, each with its deadlines: until the first head is whole, until a body is, until the next request. They run
 * from beginning to end, so that a client cannot stretch them by sending a byte now and then. To be used on one event loop only.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final long SWEEP_MS_MAX = 500;
    private static final int SWEEPS_PER_DEADLINE = 4;

    private static final class Connection {
        private @Nullable HttpServerRequest request;
        private long since = System.nanoTime();
        private boolean quiet;
        private boolean closing;
        private boolean lastRequest;
    }

    private final Map<HttpConnection, Connection> open = new HashMap<>();
    private final ConnectionLimits limits;
    private final Config.Http.Connections settings;
    private final Life life;

    Connections(ConnectionLimits limits, Life life) {
        this.limits = limits;
        this.life = life;
        this.settings = limits.settings();
    }

    void watch(Vertx vertx) {
        long shortest = Math.min(settings.headMs(), Math.min(settings.bodyMs(), settings.idleMs()));
        long sweepMs = Math.max(1, Math.min(SWEEP_MS_MAX, shortest / SWEEPS_PER_DEADLINE));
        vertx.setPeriodic(sweepMs, timer -> sweep());
    }

    void opened(HttpConnection connection) {
        if (connection.isSsl()) { // counted before its handshake, by CountedTls
            watch(connection, () -> {});
            return;
        }
        String network = limits.enter(connection.remoteAddress().hostAddress());
        if (network == null) {
            connection.close();
        } else {
            watch(connection, () -> limits.leave(network));
        }
    }

    private void watch(HttpConnection connection, Runnable closed) {
        open.put(connection, new Connection());
        connection.closeHandler(v -> {
            open.remove(connection);
            closed.run();
        });
    }

    /** A connection failed outside of any request. */
    void broke(Throwable e) {
        if (e instanceof SslHandshakeTimeoutException) {
            limits.closed("handshake");
        }
        LOG.debug("a connection failed", e);
    }

    void began(HttpServerRequest request) {
        Connection connection = open.get(request.connection());
        if (connection != null) {
            connection.request = request;
            connection.since = System.nanoTime();
            connection.quiet = false;
            if (life.isStopping()) {
                connection.lastRequest = true;
                request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
        }
    }

    private void sweep() {
        List.copyOf(open.entrySet()).forEach(entry -> check(entry.getKey(), entry.getValue()));
    }

    private void check(HttpConnection open, Connection connection) {
        HttpServerRequest request = connection.request;
        if (request == null) {
            closeAfter(settings.headMs(), "head", open, connection);
        } else if (!request.isEnded()) {
            closeAfter(settings.bodyMs(), "body", open, connection);
        } else if (!request.response().ended()) {
            connection.quiet = false;
        } else if (connection.lastRequest) {
            open.close();
        } else if (!connection.quiet) {
            connection.quiet = true;
            connection.since = System.nanoTime();
        } else {
            closeAfter(settings.idleMs(), "idle", open, connection);
        }
    }

    private void closeAfter(long deadlineMs, String reason, HttpConnection open, Connection connection) {
        long heldMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - connection.since);
        if (connection.closing || heldMs < deadlineMs) {
            return;
        }
        connection.closing = true;
        limits.closed(reason);
        LOG.debug("a connection from {} is closed, too slow: {}", open.remoteAddress(), reason);
        HttpServerRequest request = connection.request;
        if (request == null || request.isEnded()) {
            open.close();
        } else {
            Errors.close(request, Refusal.TIMED_OUT, Exchange.requestId(request));
        }
    }
}
