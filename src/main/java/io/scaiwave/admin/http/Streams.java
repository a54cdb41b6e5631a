package io.scaiwave.admin.http;

import io.scaiwave.admin.bus.Stream;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The streams that one verticle is writing. Each has one chunk in hand: the next is made when the client has taken the last, so
 * that a slow client slows its producer and nothing piles up. A stream that fails on its way is cut off, without the end that
 * would make it look whole. To be used on one event loop only.
 */
final class Streams {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    /** A client that takes nothing for so long is given up, and what its stream holds is given back. */
    private static final long STALLED_MS = 60_000;
    /** The same when the server stops. */
    private static final long STOP_MS = 1_000;

    private final Set<Writer> open = new HashSet<>();

    void write(RoutingContext context, String mediaType, Stream stream) {
        Writer writer = new Writer(context, mediaType, stream);
        open.add(writer);
        writer.start();
    }

    /** Ends those that would not end by themselves; the others may finish. */
    void stop() {
        List.copyOf(open).stream().filter(writer -> writer.stream.endless()).forEach(writer -> writer.end(STOP_MS));
    }

    private final class Writer {
        private final RoutingContext context;
        private final HttpServerResponse response;
        private final String mediaType;
        private final Stream stream;
        private boolean over;

        Writer(RoutingContext context, String mediaType, Stream stream) {
            this.context = context;
            this.response = context.response();
            this.mediaType = mediaType;
            this.stream = stream;
        }

        void start() {
            // Not a handler of the response itself: the access log has those.
            context.addEndHandler(ended -> close());
            if (response.closed()) {
                close();
            } else if (Exchange.toHead(context)) {
                end(STALLED_MS);
            } else {
                next();
            }
        }

        private void next() {
            Future<Buffer> chunk;
            try {
                chunk = stream.chunks().get();
            } catch (RuntimeException e) {
                chunk = Future.failedFuture(e);
            }
            chunk.onComplete(this::write, this::failed);
        }

        private void write(@Nullable Buffer chunk) {
            if (over) {
                return;
            }
            if (chunk == null) {
                end(STALLED_MS);
            } else if (chunk.length() == 0) {
                next();
            } else {
                head();
                response.write(chunk)
                        .timeout(STALLED_MS, TimeUnit.MILLISECONDS)
                        .onComplete(
                                written -> {
                                    if (!over) {
                                        next();
                                    }
                                },
                                this::failed);
            }
        }

        /** Only with the first chunk, so that what fails before it is answered as any other failure. */
        private void head() {
            if (response.headWritten()) {
                return;
            }
            Exchange.head(context, 200)
                    .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                    .setChunked(true);
            if (stream.fileName() != null) {
                response.putHeader("Content-Disposition", "attachment; filename=\"" + stream.fileName() + "\"");
            }
            if (stream.endless()) {
                // Not compressed and not held back: an event that waits in a buffer is not live.
                response.putHeader(HttpHeaders.CONTENT_ENCODING, "identity").putHeader("X-Accel-Buffering", "no");
            }
        }

        void end(long patienceMs) {
            if (!over) {
                head();
                response.end()
                        .timeout(patienceMs, TimeUnit.MILLISECONDS)
                        .onFailure(e -> context.request().connection().close());
                close();
            }
        }

        private void failed(Throwable e) {
            if (over) {
                return;
            }
            close();
            if (response.headWritten()) {
                LOG.atLevel(response.closed() ? Level.DEBUG : Level.WARN)
                        .log("a stream is cut off, request {}: {}", Exchange.requestId(context), e.toString());
                response.reset();
            } else {
                context.fail(e);
            }
        }

        private void close() {
            if (!over) {
                over = true;
                open.remove(this);
                stream.close().run();
            }
        }
    }
}
