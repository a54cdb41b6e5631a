package io.scaiwave.admin.http;

import io.scaiwave.admin.auth.ScaiKeyAuth;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Stream;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The streams that one verticle is writing. Each has one chunk in hand: the next is made when the client has taken the last, so
 * that a slow client slows its producer and nothing piles up. A stream that fails on its way is cut off, without the end that
 * would make it look whole. Whether its caller may still read it is looked at again and again: one that is followed ends when they
 * may not, one that would be whole at its end is cut off. To be used on one event loop only.
 */
final class Streams {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    /** A client that takes nothing for so long is given up, and what its stream holds is given back. */
    private static final long STALLED_MS = 60_000;
    /** The same when the server stops. */
    private static final long STOP_MS = 1_000;

    private static final long LOOK_MS = 5_000;
    /** The caller of a stream is known to have had the right so long ago at most. */
    private static final long CONFIRMED_MS = 15_000;

    private static final Set<Failure.Kind> REFUSED =
            EnumSet.of(Failure.Kind.UNAUTHENTICATED, Failure.Kind.FORBIDDEN, Failure.Kind.NOT_FOUND);

    private final ScaiKeyAuth auth;
    private final Set<Writer> open = new HashSet<>();

    Streams(ScaiKeyAuth auth) {
        this.auth = auth;
    }

    /** @param readmission fails when the caller may no longer read it */
    void write(RoutingContext context, Stream stream, Supplier<Future<Void>> readmission) {
        Writer writer = new Writer(context, stream, readmission);
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
        private final Stream stream;
        private final Supplier<Future<Void>> readmission;
        private final Caller.Actor actor;
        private final long ends;
        private long confirmed = now();
        private long timer;
        private boolean over;

        Writer(RoutingContext context, Stream stream, Supplier<Future<Void>> readmission) {
            this.context = context;
            this.response = context.response();
            this.stream = stream;
            this.readmission = readmission;
            this.actor = Exchange.of(context).principal().actor();
            // A token is let in a little after its time too, for clocks that differ.
            long now = System.currentTimeMillis();
            this.ends = actor.expires() > now ? actor.expires() : now + CONFIRMED_MS;
        }

        void start() {
            // Not a handler of the response itself: the access log has those.
            context.addEndHandler(ended -> close());
            timer = context.vertx().setPeriodic(LOOK_MS, each -> look());
            if (response.closed()) {
                close();
            } else if (Exchange.toHead(context)) {
                end(STALLED_MS);
            } else {
                next();
            }
        }

        private void look() {
            long began = now();
            if (System.currentTimeMillis() >= ends || began - confirmed >= CONFIRMED_MS) {
                revoke();
                return;
            }
            auth.authenticate(new TokenCredentials(actor.token().value()))
                    .compose(user -> readmission.get())
                    .onComplete(still -> confirmed = began, e -> {
                        if (e instanceof Failure failure && REFUSED.contains(failure.kind())) {
                            revoke();
                        }
                    });
        }

        private void revoke() {
            if (stream.endless()) {
                end(STOP_MS);
            } else {
                failed(Failure.forbidden("the caller may no longer read this"));
            }
        }

        private static long now() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
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
                    .putHeader(HttpHeaders.CONTENT_TYPE, Exchange.mediaType(context))
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
                Level level = response.closed() ? Level.DEBUG : Level.WARN;
                Exchange exchange = Exchange.of(context);
                exchange.logFields().with(() -> LOG.atLevel(level)
                        .log("a stream is cut off, request {}: {}", exchange.requestId(), e.toString()));
                response.reset();
            } else {
                context.fail(e);
            }
        }

        private void close() {
            if (!over) {
                over = true;
                context.vertx().cancelTimer(timer);
                open.remove(this);
                stream.close().run();
            }
        }
    }
}
