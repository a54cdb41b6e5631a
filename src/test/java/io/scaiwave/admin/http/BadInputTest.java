package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A body that is wrong is refused with the right status and the field named, and changes nothing. */
class BadInputTest extends RefusedInput {
    private static final int TEN_MB = 10_000_000;

    static Stream<Arguments> notJson() {
        return withBody().flatMap(op -> Stream.of(
                        "{",
                        "nonsense",
                        "{'name': 1}",
                        "{\"a\": 1,}",
                        "{\"a\": 01}",
                        "{\"a\": NaN}",
                        "{\"a\": \"\\ud8\"}",
                        "{\"a\": \"line\nbreak\"}",
                        "{\"a\": \"\u0000\"}",
                        "{\u0000}\u0000", // {} in UTF-16
                        op.body() + op.body(),
                        op.body() + " trailing",
                        op.body().replaceFirst("\\{(.*)}", "{$1, $1}"),
                        "{\"a\": {\"b\": 1, \"b\": 1}}",
                        "{\"a\": " + "9".repeat(5000) + "}",
                        "{\"a\": " + "[".repeat(5000) + "]".repeat(5000) + "}",
                        "{\"a\":".repeat(5000) + "1" + "}".repeat(5000))
                .map(body -> Arguments.of(op, body)));
    }

    @ParameterizedTest
    @MethodSource("notJson")
    void body_refusesWhatIsNotJson(Op op, String body) {
        send(op, "", body).expect(400, "SW_BAD_REQUEST");
    }

    static Stream<Arguments> notAnObject() {
        return withBody().flatMap(op -> Stream.of("[]", "[{}]", "\"text\"", "null", "1", "true", "\"\\u0000\"")
                .map(body -> Arguments.of(op, body)));
    }

    @ParameterizedTest
    @MethodSource("notAnObject")
    void body_refusesJsonThatIsNoObject(Op op, String body) {
        assertThat(send(op, "", body).expect(422, "SW_VALIDATION_FAILED").fields())
                .containsOnly("");
    }

    @ParameterizedTest
    @MethodSource("withBody")
    void body_isRequired(Op op) {
        refused(send(op, "", null), "");
        refused(send(op, "", ""), "");
    }

    @ParameterizedTest
    @MethodSource("withBody")
    void body_refusesUnknownFields(Op op) {
        refused(send(op, "", op.bodyWith("nonsense", "1")), "/nonsense");
        if (!op.contract().body().readOnly().contains("id")) {
            refused(send(op, "", op.bodyWith("id", "null")), "/id");
        }
        refused(send(op, "", op.bodyWith("a/b~c", "[".repeat(900) + "]".repeat(900))), "/a~1b~0c");
    }

    @ParameterizedTest
    @MethodSource("withBody")
    void body_refusesFieldsWhoseNamesCannotBeAnswered(Op op) {
        send(op, "", op.bodyWith("\\ud800", "1")).expect(400, "SW_BAD_REQUEST");
        send(op, "", op.bodyWith("\\u0000", "1")).expect(422, "SW_VALIDATION_FAILED");
        refused(send(op, "", op.bodyWith("n".repeat(30_000), "1")), "/" + "n".repeat(898) + "…");
        refused(
                send(op, "", op.bodyWith("n" + "\ud83d\ude00".repeat(1000), "1")),
                "/n" + "\ud83d\ude00".repeat(448) + "…");
        refused(send(op, "?" + "n".repeat(2000), op.body()), "n".repeat(899) + "…");
    }

    @ParameterizedTest
    @MethodSource("withoutBody")
    void body_isRefusedWhereNoneBelongs(Op op) {
        refused(send(op, "", "{}"), "");
        refused(send(op, "", "nonsense"), "");
        refused(send(partnerAdmin.with("Content-Type", "text/plain"), op, "", "null"), "");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void body_ofTenMegabytesIsTooLarge(Op op) {
        String body = "{\"name\": \"" + "x".repeat(TEN_MB) + "\"}";
        send(op, "", body).expect(413, "SW_CONTENT_TOO_LARGE");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void body_ofTenMegabytesInChunksIsTooLarge(Op op) {
        String chunk = Integer.toHexString(100_000) + "\r\n" + "x".repeat(100_000) + "\r\n";
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            String path = op.path(tenant);
            connection.write(
                    "%s %s HTTP/1.1\r\nHost: x\r\n%sContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
                                    .formatted(op.method(), path, headers())
                            + "\r\n");
            // As much as passes the limit; a server may close when it has answered, and more could not be sent then.
            connection.write(chunk.repeat(11));
            RawConnection.Reply reply = connection.read(false);
            assertThat(reply.status()).as(reply.body()).isEqualTo(413);
            assertThat(reply.code()).isEqualTo("SW_CONTENT_TOO_LARGE");
        }
    }

    static Stream<Arguments> wrongFields() {
        List<Arguments> rows = new ArrayList<>();
        FieldFaults.ROWS.forEach(
                row -> rows.add(Arguments.of(Op.of(row.operation()), row.member(), row.json(), row.field())));
        return rows.stream();
    }

    @ParameterizedTest
    @MethodSource("wrongFields")
    void field_isNamedWhenItsValueIsWrong(Op op, String member, String json, String field) {
        Api.Reply reply = send(op, "", op.bodyWith(member, json));
        assertThat(reply.expect(422, "SW_VALIDATION_FAILED").fields())
                .contains(field)
                .allMatch(field::equals);
    }
}
