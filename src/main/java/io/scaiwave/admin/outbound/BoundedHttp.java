package io.scaiwave.admin.outbound;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.TrustOptions;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks other services over HTTP, and lets none of them hold more than its share: each exchange is bounded as a whole in time, from
 * the wait for a connection to the last byte, and in bytes; no redirect is followed. Thread-safe.
 */
public final class BoundedHttp {
    private static final int WAITING_MAX = 1_000;
    private static final int IDLE_SECONDS_MAX = 10; // shorter than most others keep a connection that nobody uses

    /**
     * What one exchange may cost.
     *
     * @param bodyBytesMax of the answer's body
     * @param connectionsMax to one host
     */
    public record Limits(long timeoutMs, int bodyBytesMax, int connectionsMax) {}

    /** What the other side said, whatever its status: a redirect is an answer like any other. */
    public record Answer(int status, Buffer body) {
        /**
         * The body as a JSON object.
         *
         * @throws io.vertx.core.json.DecodeException when it is none
         */
        public JsonObject json() {
            return new JsonObject(body);
        }
    }

    private final Vertx vertx;
    private final Limits limits;
    private final HttpClient client;

    /** @param trust null: the authorities that the JVM knows */
    BoundedHttp(Vertx vertx, Limits limits, @Nullable TrustOptions trust) {
        this.vertx = vertx;
        this.limits = limits;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) Math.min(limits.timeoutMs(), Integer.MAX_VALUE))
                        .setKeepAliveTimeout(IDLE_SECONDS_MAX)
                        .setTrustOptions(trust),
                new PoolOptions().setHttp1MaxSize(limits.connectionsMax()).setMaxWaitQueueSize(WAITING_MAX));
    }

    /** Fails when the whole answer is not here in time, is too long, or is cut off. */
    public Future<Answer> get(String url, Map<String, String> headers) {
        return send(HttpMethod.GET, url, headers, null);
    }

    /** Fails as {@link #get} does. */
    public Future<Answer> post(String url, Map<String, String> headers, Buffer body) {
        return send(HttpMethod.POST, url, headers, body);
    }

    private Future<Answer> send(HttpMethod method, String url, Map<String, String> headers, @Nullable Buffer body) {
        RequestOptions options =
                new RequestOptions().setMethod(method).setAbsoluteURI(url).setFollowRedirects(false);
        headers.forEach(options::putHeader);
        Running running = new Running(body, limits.bodyBytesMax());
        vertx.getOrCreateContext().runOnContext(v -> {
            long timer = vertx.setTimer(limits.timeoutMs(), late -> running.fail(late(limits.timeoutMs())));
            running.answer.future().onComplete(done -> vertx.cancelTimer(timer));
            client.request(options).onComplete(running::send, running::fail);
        });
        return running.answer.future();
    }

    private static TimeoutException late(long timeoutMs) {
        return new TimeoutException("no whole answer within " + timeoutMs + " ms");
    }

    /** One exchange. All of it runs on one context. */
    private static final class Running implements Handler<Buffer> {
        private final Promise<Answer> answer = Promise.promise();
        private final @Nullable Buffer sent;
        private final int bytesMax;
        private final Buffer received = Buffer.buffer();
        private @Nullable HttpClientRequest request;

        Running(@Nullable Buffer sent, int bytesMax) {
            this.sent = sent;
            this.bytesMax = bytesMax;
        }

        void send(HttpClientRequest connected) {
            request = connected;
            if (answer.future().isComplete()) {
                connected.reset();
                return;
            }
            Future<HttpClientResponse> response = sent == null ? connected.send() : connected.send(sent);
            response.onComplete(this::receive, this::fail);
        }

        private void receive(HttpClientResponse response) {
            response.exceptionHandler(this::fail)
                    .handler(this)
                    .endHandler(end -> answer.tryComplete(new Answer(response.statusCode(), received)));
            String length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
            if (length != null && Long.parseLong(length) > bytesMax) {
                fail(tooLong());
            }
        }

        @Override
        public void handle(Buffer chunk) {
            if (answer.future().isComplete()) {
                return;
            }
            if (received.length() + chunk.length() > bytesMax) {
                fail(tooLong());
                return;
            }
            received.appendBuffer(chunk);
        }

        /** The connection goes with it, so that the other side cannot go on sending. */
        void fail(Throwable reason) {
            if (answer.tryFail(reason) && request != null) {
                request.reset();
            }
        }

        private IllegalStateException tooLong() {
            return new IllegalStateException("the answer is longer than " + bytesMax + " bytes");
        }
    }
}
