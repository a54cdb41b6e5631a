package io.scaiwave.admin.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service that answers half, late, endlessly or elsewhere does to who asks it. */
class BoundedHttpTest {
    private static final int BYTES_MAX = 10_000;
    private static final long TIMEOUT_MS = 500;
    private static final Duration IN_TIME = Duration.ofMillis(5 * TIMEOUT_MS);

    private final Vertx vertx = Vertx.vertx();
    private final BoundedHttp http = new BoundedHttp(vertx, new BoundedHttp.Limits(TIMEOUT_MS, BYTES_MAX, 2), null);
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong bytesSent = new AtomicLong();
    private ServerSocket listening;

    @AfterEach
    void stop() throws IOException {
        vertx.close().await();
        if (listening != null) {
            listening.close();
        }
    }

    private interface Answering {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    /** Each connection has a thread, which answers the first request as told, and closes. */
    private String serve(Answering answering) throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread(() -> {
            while (true) {
                Socket socket = listening.accept();
                connections.incrementAndGet();
                thread(() -> {
                    try (socket) {
                        head(socket.getInputStream());
                        answering.answer(socket.getOutputStream());
                    }
                });
            }
        });
        return "http://127.0.0.1:" + listening.getLocalPort() + "/";
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void thread(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException e) {
                // the other side is gone
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void head(InputStream in) throws IOException {
        int newlines = 0;
        while (newlines < 2) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
        }
    }

    private void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        bytesSent.addAndGet(text.length());
    }

    private static Future<BoundedHttp.Answer> soon(Future<BoundedHttp.Answer> asked) {
        long began = System.nanoTime();
        asked.otherwiseEmpty().await();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(IN_TIME);
        return asked;
    }

    @Test
    void answer_isGivenWhateverItsStatus() throws IOException {
        String url = serve(
                out -> write(out, "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 7\r\n\r\n{\"a\":1}"));
        BoundedHttp.Answer answer = soon(http.get(url, Map.of("Accept", "x"))).result();
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().getInteger("a")).isEqualTo(1);
        assertThat(soon(http.post(url, Map.of(), Buffer.buffer("x"))).result().status())
                .isEqualTo(404);
    }

    @Test
    void answer_thatIsNoJsonObjectIsSeenByWhoReadsIt() throws IOException {
        String url = serve(out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"));
        BoundedHttp.Answer answer = soon(http.get(url, Map.of())).result();
        assertThatThrownBy(answer::json).isInstanceOf(DecodeException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirect_isNotFollowed(int status) throws IOException {
        String url = serve(out -> write(
                out,
                "HTTP/1.1 %d Elsewhere\r\nLocation: http://127.0.0.1:%d/other\r\nContent-Length: 0\r\n\r\n"
                        .formatted(status, listening.getLocalPort())));
        assertThat(soon(http.get(url, Map.of())).result().status()).isEqualTo(status);
        assertThat(connections).hasValue(1);
    }

    @Test
    void answer_thatComesDropByDropIsGivenUp() throws IOException {
        String url = serve(out -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            while (true) {
                write(out, "x");
                Thread.sleep(TIMEOUT_MS / 10);
            }
        });
        assertThat(soon(http.get(url, Map.of())).cause()).isInstanceOf(TimeoutException.class);
    }

    @Test
    void answer_whoseHeadComesDropByDropIsGivenUp() throws IOException {
        String url = serve(out -> {
            write(out, "HTTP/1.1 200 OK\r\n");
            while (true) {
                write(out, "a: b\r\n");
                Thread.sleep(TIMEOUT_MS / 10);
            }
        });
        assertThat(soon(http.get(url, Map.of())).cause()).isInstanceOf(TimeoutException.class);
    }

    @Test
    void answer_withoutEndIsCutOffAndItsConnectionClosed() throws IOException {
        String url = serve(out -> {
            write(out, "HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                write(out, "x".repeat(1000));
            }
        });
        assertThat(soon(http.get(url, Map.of())).cause()).hasMessageContaining("longer than 10000 bytes");
        awaitSilence();
    }

    /** The other side cannot go on sending. */
    private void awaitSilence() {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        long before;
        do {
            before = bytesSent.get();
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        } while (bytesSent.get() != before && System.nanoTime() < deadline);
        assertThat(bytesSent.get()).isEqualTo(before);
    }

    @Test
    void answer_thatSaysItIsTooLongIsNotReadAtAll() throws IOException {
        String url = serve(out -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10001\r\n\r\nx");
            Thread.sleep(60_000);
        });
        assertThat(soon(http.get(url, Map.of())).cause()).hasMessageContaining("longer than 10000 bytes");
    }

    @Test
    void answer_ofJustTheLimitIsRead() throws IOException {
        String url =
                serve(out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n" + "x".repeat(BYTES_MAX)));
        assertThat(soon(http.get(url, Map.of())).result().body().length()).isEqualTo(BYTES_MAX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
                "SSH-2.0-OpenSSH_9.2\r\n"
            })
    void answer_thatIsHalfOrNoneFails(String answered) throws IOException {
        String url = serve(out -> write(out, answered));
        assertThat(soon(http.get(url, Map.of())).failed()).isTrue();
    }

    @Test
    void service_thatIsNotThereFails() throws IOException {
        String url = serve(out -> {});
        listening.close();
        assertThat(soon(http.get(url, Map.of())).failed()).isTrue();
    }

    @Test
    void service_thatSaysNothingHoldsNeitherWhoAsksNorMoreThanItsConnections() throws IOException {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        String url = serve(out -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            Thread.sleep(TIMEOUT_MS / 2);
            open.decrementAndGet();
        });
        List<Future<BoundedHttp.Answer>> asked =
                IntStream.range(0, 20).mapToObj(i -> http.get(url, Map.of())).toList();
        asked.forEach(BoundedHttpTest::soon);
        assertThat(asked).allMatch(Future::failed);
        assertThat(most.get())
                .isBetween(1, 4); // a connection that was given up may be replaced before the other side sees it
    }
}
