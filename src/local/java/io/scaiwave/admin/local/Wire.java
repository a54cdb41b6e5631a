package io.scaiwave.admin.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a port of this machine that can go silent without a reset, as a firewall or a dead host makes it. */
public final class Wire implements AutoCloseable {
    private static final int BUFFER = 16 << 10;
    private static final int BACKLOG = 200;

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> abandoned = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean silent;
    private volatile Moment moment = new Moment("", () -> {});

    /** @param word what the client then sends; empty: never */
    private record Moment(String word, Runnable action) {}

    private Wire(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    public static Wire to(int target) {
        try {
            Wire wire = new Wire(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), target);
            daemon(wire::accept);
            return wire;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** What is sent from now on, on old connections and new ones, never arrives; nobody is told. */
    public void silence() {
        silent = true;
    }

    /** Does something when that word is to be sent to the target, and before it is. */
    public void when(String word, Runnable action) {
        moment = new Moment(word, action);
    }

    private void watch(byte[] buffer, int length) {
        Moment next = moment;
        if (!next.word.isEmpty() && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(next.word)) {
            next.action.run();
        }
    }

    /** New connections work again. The old ones stay silent: what was lost on them is lost. */
    public void restore() {
        abandoned.addAll(sockets);
        sockets.clear(); // kept open, and no longer forwarded
        silent = false;
    }

    /** Where new connections lead from now on. */
    public void lead(int newTarget) {
        target = newTarget;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                daemon(() -> serve(client));
            } catch (IOException e) {
                // closed, or a client that was gone at once
            }
        }
    }

    private void serve(Socket client) {
        if (silent) {
            return;
        }
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            daemon(() -> pump(server, client));
            pump(client, server);
        } catch (IOException e) {
            close(client);
        }
    }

    private void pump(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                watch(buffer, read);
                if (silent || !sockets.contains(from)) {
                    holdOpen(from);
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // one side has ended, and so does the other
        }
    }

    /** Swallows what comes until its sender gives up, so that the sender never sees a full window either. */
    private static void holdOpen(Socket from) throws IOException {
        from.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is being given up anyway
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(Wire::close);
        abandoned.forEach(Wire::close);
    }
}
