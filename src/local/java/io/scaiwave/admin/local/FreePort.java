package io.scaiwave.admin.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;

/** Finds loopback ports for servers that are stopped and started again on the same one. */
public final class FreePort {
    // Below the range from which systems take the ports of outgoing connections: while a server is down, a client that
    // keeps dialling a port of that range can be given it as its own, is then connected to itself, and holds it.
    private static final int FIRST = 15_000;
    private static final int LAST = 32_000;
    private static final int ATTEMPTS_MAX = 100;

    private FreePort() {}

    /** One that nobody listens on now. */
    public static int find() {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree("127.0.0.1", port)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port between " + FIRST + " and " + LAST + " on 127.0.0.1");
    }

    @SuppressWarnings(
            "AddressSelection") // a literal address, or a name to listen on: the first that it has is as good as any
    static InetAddress address(String host) throws UnknownHostException {
        return InetAddress.getByName(host);
    }

    static boolean isFree(String host, int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, address(host))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
