package io.scaiwave.admin.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * One GET over a plain socket, bounded in time and bytes. A container runs it every few seconds, and the JDK's HTTP clients load
 * many times its classes.
 */
final class HealthProbe {
    static final int OK = 200;
    private static final long PROBE_MS = 3_000;
    private static final int BYTES_MAX = 8_192;
    private static final int REASON_MAX = 500;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final URI server;
    private final String path;
    private final long ends = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PROBE_MS);

    HealthProbe(URI server, String path) {
        this.server = server;
        this.path = path;
    }

    /** The status, and the body on one line. */
    record Answer(int status, String reason) {
        @Override
        public String toString() {
            return status + " " + reason;
        }
    }

    String address() {
        return server + path;
    }

    /** @throws IOException when there is no answer in time, or one that is not HTTP */
    Answer ask() throws IOException {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(server.getHost().replaceAll("[\\[\\]]", ""), port()), left());
            plain.setSoTimeout(left());
            Socket socket = encrypted() ? encrypt(plain) : plain;
            String request =
                    "GET " + path + " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return answer(read(socket));
        } catch (UnknownHostException e) {
            throw new IOException("the host is not known", e);
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer within %d ms".formatted(PROBE_MS), e);
        }
    }

    private boolean encrypted() {
        return server.getScheme().equals("https");
    }

    private int port() {
        if (server.getPort() >= 0) {
            return server.getPort();
        }
        return encrypted() ? HTTPS_PORT : HTTP_PORT;
    }

    private int left() throws SocketTimeoutException {
        long left = TimeUnit.NANOSECONDS.toMillis(ends - System.nanoTime());
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        return Math.toIntExact(left);
    }

    /** The answer as far as it counts; a server that drips bytes has no more time than a silent one. */
    private String read(Socket socket) throws IOException {
        byte[] bytes = new byte[BYTES_MAX];
        int length = 0;
        InputStream in = socket.getInputStream();
        while (length < bytes.length) {
            socket.setSoTimeout(left());
            int count = in.read(bytes, length, bytes.length - length);
            if (count < 0) {
                break;
            }
            length += count;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static Answer answer(String text) throws IOException {
        if (!text.matches("(?s)HTTP/1\\.1 \\d{3}[ \r].*")) {
            throw new IOException("the answer is not HTTP");
        }
        int head = text.indexOf("\r\n\r\n");
        String body = head < 0
                ? ""
                : text.substring(head).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return new Answer(
                Integer.parseInt(text.substring(9, 12)), body.substring(0, Math.min(REASON_MAX, body.length())));
    }

    private Socket encrypt(Socket plain) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anyone()}, null);
            return context.getSocketFactory().createSocket(plain, server.getHost(), port(), true);
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The certificate is made for the name that clients use, which is not that of the loopback address. */
    private static final class Anyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
