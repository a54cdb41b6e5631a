package io.scaiwave.admin.http;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpMessageDecoderResult;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request is HTTP/1.1 that can be read in one way only. What a proxy might read otherwise than this server is refused, since
 * between two readings a second request can hide.
 */
final class Framing {
    static final String CONTINUE = "100-continue";

    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS);

    private Framing() {}

    /** Whether this server has heard of the method: an invented one is no name to count or to log by. */
    static boolean knows(HttpMethod method) {
        return METHODS.contains(method);
    }

    /** Whether reading a body failed because of what the client wrote; else the connection broke. */
    static boolean malformed(Throwable e) {
        return e instanceof DecoderException || e instanceof IllegalArgumentException;
    }

    /** What is wrong with the request; null when nothing is. */
    static @Nullable Refusal fault(HttpServerRequest request) {
        if (request.decoderResult().isFailure()) {
            return undecoded(request.decoderResult().cause());
        }
        if (request.version() == null) {
            return Refusal.notImplemented("this server speaks HTTP/1.1");
        }
        if (!knows(request.method())) {
            return Refusal.notImplemented("this server knows no such method");
        }
        if (request.headers().contains("")) {
            return Refusal.malformed("a header has no name");
        }
        if (request.headers().getAll(HttpHeaders.AUTHORIZATION).size() > 1) {
            return Refusal.malformed("Authorization is given more than once");
        }
        Refusal body = body(request);
        if (body != null) {
            return body;
        }
        String expect = request.getHeader(HttpHeaders.EXPECT);
        if (expect != null && !expect.equalsIgnoreCase(CONTINUE)) {
            return Refusal.EXPECTATION;
        }
        return host(request);
    }

    private static Refusal undecoded(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Refusal.URI_TOO_LONG;
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Refusal.HEAD_TOO_LARGE;
        }
        return Refusal.malformed("the request is not HTTP/1.1");
    }

    private static @Nullable Refusal host(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        if (hosts.size() > 1) {
            return Refusal.malformed("Host is given more than once");
        }
        if (hosts.isEmpty() && request.version() == HttpVersion.HTTP_1_1) {
            return Refusal.malformed("Host is missing");
        }
        return !hosts.isEmpty() && request.authority() == null ? Refusal.malformed("Host is no host") : null;
    }

    /** What is wrong with how the request says where its body ends. */
    private static @Nullable Refusal body(HttpServerRequest request) {
        if (request.headers().contains("Sec-WebSocket-Key1")) {
            return Refusal.malformed(
                    "this server speaks HTTP/1.1"); // the decoder would read a body that nothing declares
        }
        List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return null;
        }
        if (request.headers().contains(HttpHeaders.CONTENT_LENGTH) || lostAHeader(request)) {
            return Refusal.malformed("Content-Length is given beside Transfer-Encoding");
        }
        if (request.version() == HttpVersion.HTTP_1_0) {
            return Refusal.malformed("HTTP/1.0 has no Transfer-Encoding");
        }
        if (codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
            return Refusal.notImplemented("of Transfer-Encoding, only chunked is known");
        }
        return null;
    }

    /**
     * Whether the head was longer than the headers in it. The decoder takes a Content-Length out that stands beside a chunked
     * Transfer-Encoding, and says nothing of it but how long the head was; all that writes HTTP puts one space, or none, before a value.
     */
    private static boolean lostAHeader(HttpServerRequest request) {
        if (!(request.decoderResult() instanceof HttpMessageDecoderResult head)) {
            return true;
        }
        int unspaced = 0;
        int count = 0;
        int empty = 0;
        for (Map.Entry<String, String> header : request.headers()) {
            unspaced += header.getKey().length() + 1 + header.getValue().length();
            count++;
            empty += header.getValue().isEmpty() ? 1 : 0;
        }
        int spaces = head.headerSize() - unspaced;
        return spaces != 0 && (spaces < count - empty || spaces > count);
    }
}
