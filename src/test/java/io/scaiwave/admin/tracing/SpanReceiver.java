package io.scaiwave.admin.tracing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** Takes spans by OTLP over HTTP, and reads of its protocol buffers what tests want to know. */
final class SpanReceiver implements AutoCloseable {
    private static final int RESOURCE_SPANS = 1;
    private static final int SCOPE_SPANS = 2;
    private static final int SPANS = 2;
    private static final int TRACE_ID = 1;
    private static final int SPAN_ID = 2;
    private static final int PARENT_ID = 4;
    private static final int NAME = 5;
    private static final int KIND = 6;

    /** @param text all of the span, with what is no text in it */
    record Received(String trace, String id, String parent, String name, Kind kind, String text) {}

    enum Kind {
        UNSPECIFIED,
        INTERNAL,
        SERVER,
        CLIENT,
        PRODUCER,
        CONSUMER
    }

    private final List<Received> spans = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    SpanReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Received> of(String trace) {
        return spans.stream().filter(span -> span.trace.equals(trace)).toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        byte[] body = zipped
                ? new GZIPInputStream(exchange.getRequestBody()).readAllBytes()
                : exchange.getRequestBody().readAllBytes();
        for (Field resource : fields(ByteBuffer.wrap(body), RESOURCE_SPANS)) {
            for (Field scope : fields(resource.bytes, SCOPE_SPANS)) {
                fields(scope.bytes, SPANS).forEach(span -> spans.add(span(span.bytes)));
            }
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static Received span(ByteBuffer bytes) {
        return new Received(
                hex(bytes, TRACE_ID),
                hex(bytes, SPAN_ID),
                hex(bytes, PARENT_ID),
                text(first(bytes, NAME).bytes),
                Kind.values()[(int) first(bytes, KIND).value],
                text(bytes));
    }

    /** Byte by byte, so that nothing is malformed. */
    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }

    private static String hex(ByteBuffer bytes, int field) {
        return HexFormat.of().formatHex(text(first(bytes, field).bytes).getBytes(StandardCharsets.ISO_8859_1));
    }

    private record Field(int number, long value, ByteBuffer bytes) {}

    private static Field first(ByteBuffer message, int wanted) {
        List<Field> all = fields(message, wanted);
        return all.isEmpty() ? new Field(wanted, 0, ByteBuffer.allocate(0)) : all.get(0);
    }

    /** The fields of that number; of the wire types, those that OTLP uses. */
    private static List<Field> fields(ByteBuffer message, int wanted) {
        List<Field> found = new ArrayList<>();
        ByteBuffer in = message.duplicate();
        while (in.hasRemaining()) {
            long key = varint(in);
            int number = (int) (key >> 3);
            Field field =
                    switch ((int) (key & 7)) {
                        case 0 -> new Field(number, varint(in), ByteBuffer.allocate(0));
                        case 1 -> new Field(number, 0, taken(in, Long.BYTES));
                        case 2 -> new Field(number, 0, taken(in, (int) varint(in)));
                        case 5 -> new Field(number, 0, taken(in, Integer.BYTES));
                        default -> throw new IllegalStateException("wire type of " + key);
                    };
            if (number == wanted) {
                found.add(field);
            }
        }
        return found;
    }

    private static ByteBuffer taken(ByteBuffer in, int length) {
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        return bytes;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
