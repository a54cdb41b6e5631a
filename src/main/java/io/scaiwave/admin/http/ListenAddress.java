package io.scaiwave.admin.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Where to listen, tried before the rest of the start: a server that cannot be reached must not take shards. */
public final class ListenAddress {
    private ListenAddress() {}

    /** @throws IllegalStateException in a sentence for an operator, when that port is taken or not for this process */
    public static void requireFree(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as the server itself does: closing connections do not matter
            socket.bind(address);
        } catch (IOException e) {
            throw failure(host, port, e);
        }
    }

    static IllegalStateException failure(String host, int port, Throwable e) {
        return new IllegalStateException("cannot listen on %s, port %d (SCAIWAVE_HTTP_HOST, SCAIWAVE_HTTP_PORT): %s"
                .formatted(host, port, e.getMessage()));
    }
}
