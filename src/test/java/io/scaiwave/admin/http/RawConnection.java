package io.scaiwave.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A connection on which a test says each byte itself, so that no client normalises a path or repairs a header. */
final class RawConnection implements AutoCloseable {
    private static final int TIMEOUT_MS = 20_000;

    /** @param headers by their names in lower case */
    record Reply(int status, Map<String, String> headers, String body) {
        JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (IOException e) {
                throw new IllegalStateException("no JSON: " + body, e);
            }
        }

        String code() {
            return json().at("/error/code").asText();
        }
    }

    private final Socket socket;
    private final InputStream in;

    RawConnection(int port) {
        this(open(port));
    }

    /** On a connection that stands already, such as one with TLS. */
    RawConnection(Socket socket) {
        this.socket = socket;
        try {
            socket.setSoTimeout(TIMEOUT_MS);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Socket open(int port) {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), port);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param more header lines after Host, each ended by CRLF, and a body if there is one */
    Reply exchange(String method, String target, String more) {
        String rest = more.contains("\r\n\r\n") ? more : more + "\r\n";
        write("%s %s HTTP/1.1\r\nHost: localhost\r\n%s".formatted(method, target, rest));
        return read(method.equals("HEAD"));
    }

    void write(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The status of a reply that has neither headers nor a body: 100. */
    int status() {
        try {
            int status = Integer.parseInt(line().split(" ", 3)[1]);
            while (!line().isEmpty()) {}
            return status;
        } catch (IOException e) {
            throw new IllegalStateException("no reply", e);
        }
    }

    /** Sends it, unless the server has closed the connection. */
    void writeIfOpen(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has.
        }
    }

    /** The status of the next reply; -1 when the server has closed the connection instead. */
    int readIfOpen() {
        try {
            return read(false).status();
        } catch (IllegalStateException e) {
            return -1;
        }
    }

    boolean hasReply() {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** All that comes until the server closes the connection. */
    String readToTheEnd() {
        try {
            return text(in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("the connection is not closed", e);
        }
    }

    /** The bytes that come until the server closes the connection. */
    String readHex() {
        try {
            return HexFormat.of().formatHex(in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("the connection is not closed", e);
        }
    }

    /** What comes until it has a text in it. */
    String readUntil(String wanted) {
        StringBuilder all = new StringBuilder();
        try {
            while (all.indexOf(wanted) < 0) {
                all.append(line()).append('\n');
            }
        } catch (IOException e) {
            throw new IllegalStateException("only came: " + all, e);
        }
        return all.toString();
    }

    /** Whether the server ends the connection without another reply; waits for it. */
    boolean isClosedByServer() {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** The next reply. */
    Reply read(boolean toHead) {
        try {
            String[] start = line().split(" ", 3);
            int status = Integer.parseInt(start[1]);
            Map<String, String> headers = new TreeMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                String[] header = line.split(":", 2);
                headers.merge(header[0].toLowerCase(Locale.ROOT), header[1].strip(), (a, b) -> a + ", " + b);
            }
            boolean empty = toHead || status == 204 || status == 304;
            return new Reply(status, headers, empty ? "" : body(headers));
        } catch (IOException e) {
            throw new IllegalStateException("no reply", e);
        }
    }

    private String body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("content-length")) {
            return text(in.readNBytes(Integer.parseInt(headers.get("content-length"))));
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            all.write(in.readNBytes(size));
            line();
        }
        line();
        return text(all.toByteArray());
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server closed the connection");
            }
            line.write(b);
        }
        return text(line.toByteArray()).strip();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
