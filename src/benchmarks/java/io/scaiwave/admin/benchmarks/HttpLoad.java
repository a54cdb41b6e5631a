package io.scaiwave.admin.benchmarks;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Clients of HTTP/1.1 on one event loop, each with a connection of its own: as cheap as it can be had, because it works on the
 * processors that it measures. It knows replies by their Content-Length and nothing else.
 */
final class HttpLoad implements AutoCloseable {
    private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;
    private static final long PATIENCE_SECONDS = 90;

    /** What is asked, in turn. */
    interface Requests {
        /** The bytes of the request with that number. */
        Buffer request(long number);
    }

    /** @param perSecond 0: each connection sends its next request when the last is answered; else when it is due */
    record Plan(int port, int connections, double seconds, double perSecond) {}

    /** @param latency in nanoseconds; of an open loop, since the request was due */
    record Result(long answered, long failed, double seconds, Histogram latency) {
        double perSecond() {
            return answered / seconds;
        }

        /** How long all but so many percent took. */
        double ms(double percentile) {
            return latency.getValueAtPercentile(percentile) / 1e6;
        }
    }

    private final Vertx vertx = Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true).setWorkerPoolSize(1));

    Result run(Plan plan, Requests requests) throws Exception {
        Context loop = vertx.getOrCreateContext();
        Promise<Result> ended = Promise.promise();
        loop.runOnContext(v -> new Run(plan, requests, (ContextInternal) loop, ended).begin());
        return ended.future().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS + (long) plan.seconds, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private final class Run {
        private final Plan plan;
        private final Requests requests;
        private final ContextInternal loop;
        private final Promise<Result> ended;
        private final Histogram latency = new Histogram(HIGHEST_NANOS, DIGITS);
        private final List<Connection> connections = new ArrayList<>();
        private final NetClient client =
                vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true).setReceiveBufferSize(1 << 16));
        private long began;
        private long sent;
        private long answered;
        private long failed;
        private boolean ending;

        Run(Plan plan, Requests requests, ContextInternal loop, Promise<Result> ended) {
            this.plan = plan;
            this.requests = requests;
            this.loop = loop;
            this.ended = ended;
        }

        void begin() {
            for (int i = 0; i < plan.connections; i++) {
                client.connect(plan.port, "127.0.0.1")
                        .onSuccess(this::connected)
                        .onFailure(ended::tryFail);
            }
        }

        private void connected(NetSocket socket) {
            connections.add(new Connection(this, socket, connections.size()));
            if (connections.size() == plan.connections) {
                began = System.nanoTime();
                vertx.setTimer((long) (plan.seconds * 1_000), timer -> end());
                connections.forEach(Connection::next);
            }
        }

        private void end() {
            ending = true;
            double seconds = (System.nanoTime() - began) / 1e9;
            client.close();
            ended.tryComplete(new Result(answered, failed, seconds, latency));
        }

        void answered(long since, int status) {
            if (ending) {
                return;
            }
            latency.recordValue(Math.min(HIGHEST_NANOS, System.nanoTime() - since));
            if (status / 100 == 2) {
                answered++;
            } else {
                failed++;
            }
        }
    }

    private static final class Connection {
        private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
        private static final int STATUS_AT = 9;

        private final Run run;
        private final NetSocket socket;
        private final int number;
        private Buffer received = Buffer.buffer();
        private long turns;
        private long since;
        private int expected = -1;
        private int status;

        Connection(Run run, NetSocket socket, int number) {
            this.run = run;
            this.socket = socket;
            this.number = number;
            socket.handler(this::read);
            socket.closeHandler(v -> closed());
        }

        private void closed() {
            if (!run.ending) {
                run.ended.tryFail("the server closed a connection");
            }
        }

        void next() {
            if (run.ending) {
                return;
            }
            if (run.plan.perSecond == 0) {
                send(System.nanoTime());
                return;
            }
            long due = run.began + (long) (1e9 * (turns++ * run.plan.connections + number) / run.plan.perSecond);
            long wait = due - System.nanoTime();
            if (wait <= 0) {
                send(due);
            } else {
                run.loop.nettyEventLoop().schedule(() -> send(due), wait, TimeUnit.NANOSECONDS).addListener(f -> {});
            }
        }

        private void send(long countedFrom) {
            if (!run.ending) {
                since = countedFrom;
                socket.write(run.requests.request(run.sent++));
            }
        }

        private void read(Buffer chunk) {
            received = received.length() == 0 ? chunk : received.appendBuffer(chunk);
            if (expected < 0) {
                expected = wholeLength();
            }
            if (expected >= 0 && received.length() >= expected) {
                run.answered(since, status);
                received = Buffer.buffer();
                expected = -1;
                next();
            }
        }

        /** Of head and body; -1 while the head is not whole. */
        private int wholeLength() {
            int length = 0;
            int line = 0;
            for (int i = 0; i + 1 < received.length(); i++) {
                if (received.getByte(i) != '\r') {
                    continue;
                }
                if (i == line) {
                    status = Integer.parseInt(received.getString(STATUS_AT, STATUS_AT + 3));
                    return i + 2 + length;
                }
                if (isLength(line)) {
                    length = Integer.parseInt(received.getString(line + LENGTH.length, i).strip());
                }
                line = i + 2;
            }
            return -1;
        }

        private boolean isLength(int at) {
            if (at + LENGTH.length > received.length()) {
                return false;
            }
            for (int i = 0; i < LENGTH.length; i++) {
                if ((received.getByte(at + i) | 0x20) != (LENGTH[i] | 0x20)) {
                    return false;
                }
            }
            return true;
        }
    }
}
