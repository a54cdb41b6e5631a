package io.scaiwave.admin.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** As much of PostgreSQL's protocol as it takes to log in to a server of another version, for that is all that one of these is asked. */
public final class OldPostgres implements AutoCloseable {
    private static final int SSL_REQUEST = 80_877_103;

    private final ServerSocket socket;
    private final String version;

    private OldPostgres(ServerSocket socket, String version) {
        this.socket = socket;
        this.version = version;
    }

    public static OldPostgres start(String version) {
        try {
            OldPostgres server = new OldPostgres(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), version);
            Thread thread = new Thread(server::accept, "old PostgreSQL");
            thread.setDaemon(true);
            thread.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "postgresql://app:secret@127.0.0.1:" + socket.getLocalPort() + "/old";
    }

    private void accept() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                serve(new DataInputStream(client.getInputStream()), new DataOutputStream(client.getOutputStream()));
            } catch (IOException e) {
                // the client is gone, or this is closed
            }
        }
    }

    private void serve(DataInputStream in, DataOutputStream out) throws IOException {
        while (startup(in)) {
            out.writeByte('N'); // no TLS
        }
        send(out, 'R', new byte[4]); // logged in
        send(out, 'S', ("server_version\0" + version + "\0").getBytes(StandardCharsets.UTF_8));
        send(out, 'S', "client_encoding\0UTF8\0".getBytes(StandardCharsets.UTF_8));
        send(out, 'S', "standard_conforming_strings\0on\0".getBytes(StandardCharsets.UTF_8));
        send(out, 'S', "integer_datetimes\0on\0".getBytes(StandardCharsets.UTF_8));
        send(out, 'S', "DateStyle\0ISO, MDY\0".getBytes(StandardCharsets.UTF_8));
        send(out, 'K', new byte[8]);
        ready(out);
        while (true) {
            char type = (char) in.readByte();
            in.readNBytes(in.readInt() - Integer.BYTES);
            answer(type, out);
        }
    }

    private static boolean startup(DataInputStream in) throws IOException {
        int length = in.readInt();
        int code = in.readInt();
        in.readNBytes(length - 2 * Integer.BYTES);
        return code == SSL_REQUEST;
    }

    /** Whatever a statement is, it is done and has no rows. */
    private static void answer(char type, DataOutputStream out) throws IOException {
        switch (type) {
            case 'P' -> send(out, '1', new byte[0]);
            case 'B' -> send(out, '2', new byte[0]);
            case 'D' -> send(out, 'n', new byte[0]);
            case 'E' -> send(out, 'C', "SET\0".getBytes(StandardCharsets.UTF_8));
            case 'S' -> ready(out);
            case 'Q' -> {
                send(out, 'C', "SET\0".getBytes(StandardCharsets.UTF_8));
                ready(out);
            }
            default -> throw new IOException("it ends");
        }
    }

    private static void ready(DataOutputStream out) throws IOException {
        send(out, 'Z', new byte[] {'I'});
        out.flush();
    }

    private static void send(DataOutputStream out, char type, byte[] body) throws IOException {
        out.writeByte(type);
        out.writeInt(body.length + Integer.BYTES);
        out.write(body);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
