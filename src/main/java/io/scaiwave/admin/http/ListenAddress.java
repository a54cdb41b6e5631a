package io.scaiwave.admin.http;

import io.scaiwave.admin.config.Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Where to listen, tried before the rest of the start: a server that cannot be reached must not take shards. */
public final class ListenAddress {
    private static final String API = "SCAIWAVE_HTTP_PORT";
    private static final String MANAGEMENT = "SCAIWAVE_HTTP_MANAGEMENT_PORT";

    private ListenAddress() {}

    /**
     * Of the API, and of health and the metrics.
     *
     * @throws IllegalStateException in a sentence for an operator, when a port is taken or not for this process
     */
    public static void requireFree(Config.Http config) {
        requireFree(config.host(), config.port(), API);
        requireFree(config.host(), config.management().port(), MANAGEMENT);
    }

    private static void requireFree(String host, int port, String setting) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as the server itself does: closing connections do not matter
            socket.bind(address);
        } catch (IOException e) {
            throw failure(host, port, setting, e);
        }
    }

    static IllegalStateException api(Config.Http config, Throwable e) {
        return failure(config.host(), config.port(), API, e);
    }

    static IllegalStateException management(Config.Http config, Throwable e) {
        return failure(config.host(), config.management().port(), MANAGEMENT, e);
    }

    private static IllegalStateException failure(String host, int port, String setting, Throwable e) {
        return new IllegalStateException("cannot listen on %s, port %d (SCAIWAVE_HTTP_HOST, %s): %s"
                .formatted(host, port, setting, e.getMessage()));
    }
}
