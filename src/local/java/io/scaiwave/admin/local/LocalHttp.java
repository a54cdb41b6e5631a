package io.scaiwave.admin.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The HTTP side of the simulators: JSON answers on a loopback port that is the same when closed and opened again. */
final class LocalHttp implements AutoCloseable {
    static {
        // Without it each reply on a kept connection waits 40 ms for the other side's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    record Request(String method, String path, Map<String, String> query, Map<String, String> headers, String body) {
        String header(String lowerCaseName) {
            return headers.getOrDefault(lowerCaseName, "");
        }

        Map<String, String> form() {
            return pairs(body);
        }
    }

    record Reply(int status, Map<String, ?> body, Map<String, String> headers) {
        static Reply of(int status, Map<String, ?> body) {
            return new Reply(status, body, Map.of());
        }

        Reply with(String header, String value) {
            return new Reply(status, body, Map.of(header, value));
        }
    }

    /** Answers a request, on a thread of its own. */
    interface Handler {
        Reply answer(Request request) throws Exception;
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BIND_ATTEMPTS_MAX = 5;

    private final Handler handler;
    private final ExecutorService threads;
    private final int port;
    private HttpServer server;

    LocalHttp(String name, Handler handler) {
        this.handler = handler;
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
        this.server = openSomewhere();
        this.port = server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Closes the port and every connection. */
    synchronized void stop() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    /** Opens the same port again. */
    synchronized void startAgain() {
        if (server == null) {
            server = open(port);
        }
    }

    @Override
    public void close() {
        stop();
        threads.shutdownNow();
    }

    private HttpServer openSomewhere() {
        for (int attempt = 1; ; attempt++) {
            try {
                return open(FreePort.find());
            } catch (UncheckedIOException taken) {
                if (attempt == BIND_ATTEMPTS_MAX) {
                    throw taken;
                }
            }
        }
    }

    private HttpServer open(int atPort) {
        try {
            HttpServer opened = HttpServer.create(new InetSocketAddress(FreePort.address("127.0.0.1"), atPort), 0);
            opened.setExecutor(threads);
            opened.createContext("/", this::handle);
            opened.start();
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on 127.0.0.1:" + atPort, e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = answered(request(exchange));
            byte[] body = JSON.writeValueAsBytes(reply.body());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Reply answered(Request request) {
        try {
            return handler.answer(request);
        } catch (Exception e) {
            return Reply.of(500, Map.of("error", Map.of("code", "internal", "message", String.valueOf(e))));
        }
    }

    private static Request request(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                pairs(exchange.getRequestURI().getRawQuery()),
                headers,
                body);
    }

    private static Map<String, String> pairs(String encoded) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : encoded == null || encoded.isEmpty() ? new String[0] : encoded.split("&")) {
            String[] parts = pair.split("=", 2);
            pairs.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
        }
        return pairs;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
