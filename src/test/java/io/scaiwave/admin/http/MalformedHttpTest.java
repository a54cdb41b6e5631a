package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no HTTP, or HTTP that two readers may read in two ways: answered like every refusal, and not read on. */
class MalformedHttpTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final String GET = "GET /health/live HTTP/1.1\r\n";
    private static final String HOST = "Host: localhost\r\n";
    private static final String PUT = "PUT /v1/admin/prompt-studio HTTP/1.1\r\n" + HOST;
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String BODY = "{\"enabled\": true}";

    private static String token;

    private RawConnection connection;

    @BeforeAll
    static void makeTenant() {
        TestServer.Tenant tenant = SERVER.newTenant();
        String jwt = SERVER.platform()
                .scaiKey()
                .es256Token(Map.of("sub", "admin", "role", "tenant_admin", "tenant_id", tenant.scaiKeyId));
        token = "Content-Type: application/json\r\nAuthorization: Bearer " + jwt + "\r\n";
    }

    @BeforeEach
    void connect() {
        connection = new RawConnection(SERVER.port());
    }

    @AfterEach
    void disconnect() {
        connection.close();
    }

    private static Arguments row(String name, int status, String bytes) {
        return Arguments.of(name, status, bytes);
    }

    static Stream<Arguments> refused() {
        return Stream.of(heads(), targets(), bodies()).flatMap(rows -> rows);
    }

    private static Stream<Arguments> heads() {
        return Stream.of(
                row("no version", 400, "GET /health/live\r\n\r\n"),
                row("nonsense", 400, "\u0001\u0002\u0003 nonsense\r\n\r\n"),
                row("HTTP/3.0", 501, "GET /health/live HTTP/3.0\r\n" + HOST + "\r\n"),
                row("preface of HTTP/2", 501, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                row("TLS", 400, "\u0016\u0003\u0001\u0002\u0000\u0001abc\r\n\r\n"),
                row("lower-case method", 501, "get /health/live HTTP/1.1\r\n" + HOST + "\r\n"),
                row("invented method", 501, "BREW /health/live HTTP/1.1\r\n" + HOST + "\r\n"),
                row("TRACE", 501, "TRACE /health/live HTTP/1.1\r\n" + HOST + "\r\n"),
                row("method that is no token", 400, "G@T /health/live HTTP/1.1\r\n" + HOST + "\r\n"),
                row(
                        "two Authorizations",
                        400,
                        GET + HOST + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"),
                row("no Host", 400, GET + "\r\n"),
                row("two Hosts", 400, GET + HOST + HOST + "\r\n"),
                row("two different Hosts", 400, GET + HOST + "Host: other\r\n\r\n"),
                row("Host that is none", 400, GET + "Host: a b/c\r\n\r\n"),
                row("space before the colon", 400, GET + HOST + "X-A : b\r\n\r\n"),
                row(
                        "Transfer-Encoding with a space before the colon",
                        400,
                        PUT + "Transfer-Encoding : chunked\r\n\r\n"),
                row("NUL in a header", 400, GET + HOST + "X-A: b\u0000c\r\n\r\n"),
                row("CR in a header", 400, GET + HOST + "X-A: b\rc\r\n\r\n"),
                row("header without a colon", 400, GET + HOST + "nonsense\r\n\r\n"),
                row("header without a name", 400, GET + HOST + ": b\r\n\r\n"),
                row("LF alone", 400, "GET /health/live HTTP/1.1\nHost: localhost\n\n"),
                row("Expect", 417, PUT + token() + "Expect: nonsense\r\nContent-Length: 2\r\n\r\n{}"),
                row("hixie handshake", 400, GET + HOST + "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n"),
                row("head too large", 431, GET + HOST + "X-Long: " + "a".repeat(20_000) + "\r\n\r\n"),
                row("too many headers", 431, GET + HOST + "X-A: b\r\n".repeat(5_000) + "\r\n"));
    }

    private static Stream<Arguments> targets() {
        return Stream.of(
                row("long URL", 414, "GET /v1/admin/audit?q=" + "a".repeat(9_000) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                row("CONNECT", 501, "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n"),
                row("space in the target", 400, "GET /health/live /b HTTP/1.1\r\n" + HOST + "\r\n"));
    }

    private static Stream<Arguments> bodies() {
        return Stream.of(
                row("two lengths", 400, PUT + token() + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
                row("two equal lengths", 400, PUT + token() + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
                row("list of lengths", 400, PUT + token() + "Content-Length: 2, 3\r\n\r\n{}"),
                row("negative length", 400, PUT + token() + "Content-Length: -2\r\n\r\n{}"),
                row("signed length", 400, PUT + token() + "Content-Length: +2\r\n\r\n{}"),
                row("length in words", 400, PUT + token() + "Content-Length: two\r\n\r\n{}"),
                row("length without end", 400, PUT + token() + "Content-Length: 99999999999999999999\r\n\r\n{}"),
                row("length and coding", 400, PUT + token() + "Content-Length: 5\r\n" + CHUNKED + "\r\n0\r\n\r\n"),
                row("coding and length", 400, PUT + token() + CHUNKED + "content-length:5\r\n\r\n0\r\n\r\n"),
                row("unknown coding", 501, PUT + token() + "Transfer-Encoding: gzip\r\n\r\n"),
                row(
                        "unknown coding, chunked",
                        501,
                        PUT + token() + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                row("chunked twice", 501, PUT + token() + CHUNKED + CHUNKED + "\r\n0\r\n\r\n"),
                row("identity", 501, PUT + token() + "Transfer-Encoding: identity\r\n\r\n"),
                row("coding with a tab", 400, PUT + token() + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
                row("coding in HTTP/1.0", 400, PUT.replace("1.1", "1.0") + token() + CHUNKED + "\r\n0\r\n\r\n"),
                row("chunk size in words", 400, PUT + token() + CHUNKED + "\r\nzz\r\n{}\r\n0\r\n\r\n"),
                row("chunk size without end", 400, PUT + token() + CHUNKED + "\r\nfffffffff\r\n{}\r\n0\r\n\r\n"),
                row("chunk size below zero", 400, PUT + token() + CHUNKED + "\r\n-1\r\n{}\r\n0\r\n\r\n"),
                row("chunk size in C", 400, PUT + token() + CHUNKED + "\r\n0x2\r\n{}\r\n0\r\n\r\n"),
                row(
                        "chunk with an extension",
                        400,
                        PUT + token() + CHUNKED + "\r\n11;a=b\r\n" + BODY + "\r\n0\r\n\r\n"),
                row("chunk longer than it says", 400, PUT + token() + CHUNKED + "\r\n1\r\n{}\r\n0\r\n\r\n"),
                row("chunk of a stranger", 401, PUT + CHUNKED + "\r\nzz\r\n"));
    }

    private static String token() {
        return "{token}";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whatIsMalformed_isRefusedAndNotReadOn(String name, int status, String bytes) {
        // A second request hides behind the first: it must not be answered.
        connection.write(bytes.replace("{token}", token) + GET + HOST + "\r\n");
        RawConnection.Reply reply = connection.read(false);
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.code()).startsWith("SW_");
        assertThat(reply.json().at("/error/message").asText()).isNotBlank();
        assertThat(reply.headers()).containsEntry("content-type", "application/json");
        SecurityHeadersTest.assertBound(reply);
        assertThat(reply.headers().get("x-request-id"))
                .isEqualTo(reply.json().at("/error/request_id").asText());
        assertThat(connection.isClosedByServer()).isTrue();
    }

    static Stream<Arguments> taken() {
        return Stream.of(
                row("HTTP/1.0 without Host", 200, "GET /health/live HTTP/1.0\r\n\r\n"),
                row("absolute target", 200, "GET http://example.org/health/live HTTP/1.1\r\n" + HOST + "\r\n"),
                row("empty line first", 200, "\r\n" + GET + HOST + "\r\n"),
                row("asterisk", 204, "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n"),
                row("asterisk of GET", 404, "GET * HTTP/1.1\r\n" + HOST + "\r\n"),
                row("no slash", 404, "GET health HTTP/1.1\r\n" + HOST + "\r\n"),
                row("upgrade to HTTP/2", 200, GET + HOST + "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
                row(
                        "upgrade to WebSocket",
                        200,
                        GET + HOST + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
                row("chunks", 200, PUT + token() + CHUNKED + "\r\n11\r\n" + BODY + "\r\n0\r\n\r\n"),
                row(
                        "chunks beside an empty header",
                        200,
                        PUT + token() + "X-A:\r\n" + CHUNKED + "\r\n11\r\n" + BODY + "\r\n0\r\n\r\n"),
                row("trailers", 200, PUT + token() + CHUNKED + "\r\n11\r\n" + BODY + "\r\n0\r\nX-Trailer: a\r\n\r\n"),
                row(
                        "trailer that would be a token",
                        401,
                        PUT + CHUNKED + "\r\n11\r\n" + BODY + "\r\n0\r\nAuthorization: Bearer a\r\n\r\n"),
                row("a character in two bytes", 400, body("\u00c1\u00a5")),
                row("half a pair", 400, body("\u00ed\u00a0\u0080")),
                row("range of what has none", 200, GET + HOST + "Range: bytes=999999-\r\n\r\n"),
                row("range of a file", 206, file("bytes=0-9")),
                row("range beyond a file", 416, file("bytes=99999999-")),
                row("range without end", 416, file("bytes=99999999999999999999-")),
                row("range that is none", 200, file("nonsense")),
                row("form where none is read", 422, form("enable", "application/x-www-form-urlencoded")),
                row("multipart without a boundary", 422, form("enable", "multipart/form-data")),
                row("multipart in a GET", 200, GET + HOST + "Content-Type: multipart/form-data\r\n\r\n"));
    }

    private static String body(String name) {
        String body = "{\"" + name + "nabled\": true}";
        return PUT + token() + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String file(String range) {
        return "GET /docs/assets/swagger-ui.css HTTP/1.1\r\n" + HOST + "Range: " + range + "\r\n\r\n";
    }

    private static String form(String verb, String type) {
        return "POST /v1/admin/models/scailar-pro/" + verb + " HTTP/1.1\r\n" + HOST
                + token().replace("{token}", "{other}") + "Content-Type: " + type + "\r\nContent-Length: 3\r\n\r\na=b";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("taken")
    void whatIsOdd_isAnswered(String name, int status, String bytes) {
        String other = token.substring(token.indexOf("Authorization"));
        connection.write(
                bytes.replace("{token}", token).replace("{other}", other).getBytes(StandardCharsets.ISO_8859_1));
        RawConnection.Reply reply = connection.read(false);
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        if (status >= 400) {
            assertThat(reply.code()).startsWith("SW_");
            assertThat(reply.json().at("/error/request_id").asText()).isNotBlank();
        }
    }

    @Test
    void body_isAskedForOnlyWhereItIsWanted() {
        String rest = "Expect: 100-continue\r\nContent-Length: " + BODY.length() + "\r\n\r\n";
        connection.write(PUT + token + rest);
        assertThat(connection.status()).isEqualTo(100);
        connection.write(BODY);
        assertThat(connection.read(false).status()).isEqualTo(200);
        connection.write(PUT + "Content-Type: application/json\r\n" + rest);
        assertThat(connection.read(false).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "%0d%0a", "a%5c%00.js", "%ff", "%c0%ae%c0%ae%2f", "a%2f"})
    void assets_haveNoOddNames(String name) {
        RawConnection.Reply reply = connection.exchange("GET", "/docs/assets/" + name, "");
        assertThat(reply.status()).as(reply.body()).isEqualTo(404);
        assertThat(reply.code()).isEqualTo("SW_NOT_FOUND");
    }

    @Test
    void whoHangsUpInABody_isNoReplyAndNoFault() {
        double gone = metric("499");
        double faults = metric("500");
        connection.write(PUT + token + "Content-Length: 100\r\n\r\n{\"enabled\"");
        Wait.soon(() -> SERVER.metrics().contains("method=\"PUT\""));
        connection.close();
        Wait.soon(() -> metric("499") == gone + 1);
        assertThat(metric("500")).isEqualTo(faults);
    }

    private static double metric(String status) {
        return SERVER.metrics()
                .lines()
                .filter(line -> line.startsWith("http_server_request_duration_seconds_count")
                        && line.contains("\"" + status + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void metrics_haveNoNamesThatClientsMake() {
        ask(0);
        int before = SERVER.metrics().length();
        for (int i = 1; i <= 1_000; i++) {
            ask(i);
        }
        assertThat(SERVER.metrics().length() - before).isLessThan(500);
    }

    private static void ask(int i) {
        try (RawConnection invented = new RawConnection(SERVER.port());
                RawConnection known = new RawConnection(SERVER.port())) {
            invented.exchange("M" + i, "/p" + i, "X-Request-Id: r" + i + "\r\n");
            known.exchange("GET", "/p" + i, "Authorization: Bearer t" + i + "\r\n");
            known.exchange("GET", "/v1/admin/p" + i + "?q" + i + "=1", "Authorization: Bearer t" + i + "\r\n");
            known.exchange("GET", "/v1/admin/ai-config", "Authorization: Bearer t" + i + "\r\n");
        }
    }
}
