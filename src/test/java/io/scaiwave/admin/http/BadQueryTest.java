package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A query or a media type that is wrong is refused, with the parameter named, and changes nothing. */
class BadQueryTest extends RefusedInput {
    @ParameterizedTest
    @MethodSource("operations")
    void query_refusesAnUnknownParameter(Op op) {
        refused(send(op, "?nonsense=1&other", op.body()), "nonsense", "other");
    }

    static Stream<Op> withParameter() {
        return Op.all().filter(op -> op.parameter() != null);
    }

    @ParameterizedTest
    @MethodSource("withParameter")
    void query_refusesARepeatedParameter(Op op) {
        refused(
                send(op, "?" + op.parameter() + "&" + op.parameter(), op.body()),
                op.parameter().replaceAll("=.*", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "updateAiConfig, dry_run, yes",
        "enableModel, dry_run, ''",
        "disableModel, dry_run, TRUE",
        "configureModelParticipant, dry_run, 1",
        "createTenant, dry_run, null",
        "createPartner, dry_run, t",
        "updatePartner, dry_run, %74rue%20",
        "updatePromptStudio, dry_run, True",
        "updateNoteProcessing, dry_run, 0",
        "enablePlugin, dry_run, on",
        "disablePlugin, dry_run, no",
        "createModelParticipant, dry_run, tru",
        "listModels, limit, ten",
        "listModels, limit, 0",
        "listModels, limit, 201",
        "listModels, limit, 1.0",
        "listModels, limit, 1e1",
        "listModels, limit, 99999999999999999999999999",
        "listModels, limit, %D9%A1",
        "listModels, offset, -1",
        "listModels, offset, 1000001",
        "listModels, enabled, 1",
        "listModels, modality, video",
        "listModels, q, ''",
        "listModels, q, a%00b",
        "listPlugins, limit, 201",
        "listPlugins, offset, -1",
        "listPlugins, enabled, on",
        "listPlugins, q, a%00b",
        "listParticipants, limit, 0",
        "listParticipants, offset, 1e3",
        "listParticipants, participant_type, Human",
        "listParticipants, q, ''",
        "listPartners, limit, -5",
        "listPartners, offset, +",
        "listAudit, limit, 1001",
        "listAudit, action, ''",
        "listAudit, since, yesterday",
        "listAudit, since, 2026-11-23",
        "listAudit, since, 2026-11-23T10:00:00",
        "listAudit, since, 2026-02-30T10:00:00Z",
        "listAudit, until, 2026-11-23T25:00:00Z",
        "listAudit, until, 2026-11-23T10:00:00%2B99:99",
        "listAudit, cursor, nonsense",
        "listAudit, cursor, %21%21"
    })
    void query_refusesAWrongValue(Op op, String parameter, String value) {
        Api.Reply reply = send(op, "?" + parameter + "=" + value, op.body());
        assertThat(reply.expect(422, "SW_VALIDATION_FAILED").fields()).containsOnly(parameter);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void query_refusesABrokenPercentEncoding(Op op) {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            String path = op.path(tenant);
            RawConnection.Reply reply = connection.exchange(op.method(), path + "?q=%zz", headers());
            assertThat(reply.status()).as(reply.body()).isEqualTo(400);
            assertThat(reply.code()).isEqualTo("SW_BAD_REQUEST");
        }
    }

    static Stream<Arguments> otherTypes() {
        return withBody().flatMap(op -> Stream.of(
                        "text/plain",
                        "application/x-www-form-urlencoded",
                        "multipart/form-data; boundary=x",
                        "application/xml",
                        "application/jsonx",
                        "application/json; charset=iso-8859-1",
                        "application/json; charset=utf-16",
                        "application/json; x=y; charset=latin1",
                        "nonsense",
                        ";")
                .map(type -> Arguments.of(op, type)));
    }

    @ParameterizedTest
    @MethodSource("otherTypes")
    void contentType_mustBeJsonInUtf8(Op op, String type) {
        send(partnerAdmin.with("Content-Type", type), op, "", op.body()).expect(415, "SW_UNSUPPORTED_MEDIA_TYPE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON;charset=UTF-8",
                "application/json; charset=\"utf-8\"",
                "application/json;"
            })
    void contentType_isReadAsItIsDefined(String type) {
        send(partnerAdmin.with("Content-Type", type), Op.of("updatePartner"), "?dry_run=true", "{}")
                .expect(200);
    }

    @ParameterizedTest
    @MethodSource("withBody")
    void contentType_mustBeSent(Op op) {
        try (RawConnection connection = new RawConnection(SERVER.port())) {
            String path = op.path(tenant);
            String more = headers() + "Content-Length: " + op.body().length() + "\r\n\r\n" + op.body();
            RawConnection.Reply reply = connection.exchange(op.method(), path, more);
            assertThat(reply.status()).as(reply.body()).isEqualTo(415);
            assertThat(reply.code()).isEqualTo("SW_UNSUPPORTED_MEDIA_TYPE");
        }
    }
}
