package io.scaiwave.admin.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small reverse proxy: in turn to each server that says it is ready, on connections that are kept open. It repeats nothing, so
 * that each connection cut at the wrong moment is a failed request.
 */
final class Balancer implements AutoCloseable {
    private static final long CHECK_MS = 200;
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int BAD_GATEWAY = 502;
    private static final int OK = 200;
    private static final Set<String> NOT_PASSED_ON =
            Set.of("connection", "content-length", "host", "transfer-encoding", "date");

    private final List<Integer> servers;
    private final Set<Integer> ready = new ConcurrentSkipListSet<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Thread checks = new Thread(this::checkAgainAndAgain, "balancer checks");
    private final HttpServer front;

    private Balancer(List<Integer> servers) throws IOException {
        this.servers = servers;
        front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.createContext("/", this::handle);
        front.setExecutor(threads);
        front.start();
        checks.setDaemon(true);
        checks.start();
    }

    static Balancer before(List<Node> nodes) {
        try {
            return new Balancer(nodes.stream().map(node -> node.port).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return front.getAddress().getPort();
    }

    /** What went wrong on the way to a server. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    boolean isReady(Node node) {
        return ready.contains(node.port);
    }

    private void checkAgainAndAgain() {
        try {
            while (true) {
                check();
                Thread.sleep(CHECK_MS);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void check() throws InterruptedException {
        for (int server : servers) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server + "/health/ready"))
                    .timeout(CHECK_TIMEOUT)
                    .build();
            try {
                int status = client.send(request, BodyHandlers.discarding()).statusCode();
                if (status == OK) {
                    ready.add(server);
                } else {
                    ready.remove(server);
                }
            } catch (IOException e) {
                ready.remove(server);
            }
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpResponse<byte[]> reply = forward(exchange);
            reply.headers().map().forEach((name, values) -> {
                if (!NOT_PASSED_ON.contains(name)) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            answer(exchange, reply.statusCode(), reply.body());
        } catch (IOException | IllegalStateException e) {
            failures.add(exchange.getRequestMethod() + ": " + e);
            answer(exchange, BAD_GATEWAY, String.valueOf(e).getBytes(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange) throws IOException, InterruptedException {
        List<Integer> choice = List.copyOf(ready);
        if (choice.isEmpty()) {
            throw new IllegalStateException("no server is ready");
        }
        int server = choice.get(Math.floorMod(turn.getAndIncrement(), choice.size()));
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server + exchange.getRequestURI()))
                .timeout(TIMEOUT)
                .method(
                        exchange.getRequestMethod(),
                        BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (Set.of("authorization", "content-type", "x-request-id").contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        checks.interrupt();
        front.stop(0);
        threads.shutdownNow();
    }
}
