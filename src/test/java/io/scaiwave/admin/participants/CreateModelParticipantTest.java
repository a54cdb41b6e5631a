package io.scaiwave.admin.participants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantLog.Entry;
import io.scaiwave.admin.testing.TenantRefusals;
import io.scaiwave.admin.testing.TestServer;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreateModelParticipantTest {
    private static final String CREATE = "/v1/admin/participants/model";
    private static final String LIST = "/v1/admin/participants";
    private static final String MODELS = "/v1/admin/models/";
    private static final String MODEL = "partner/acme/legal-7b";
    private static final String LEAST =
            "{\"model\": \"%s\", \"local_id\": \"lawyer\", \"display_name\": \"Lawyer\"}".formatted(MODEL);
    private static final String CREATED = """
            {"before": null, "after": {"local_id": "lawyer", "display_name": "Lawyer", "participant_type": "model",
             "model": "partner/acme/legal-7b", "system_prompt": null, "default_response_mode": "conversational",
             "enabled": true}}""";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final TenantLog log = new TenantLog(server, tenant);

    private Api.Reply post(String json) {
        return tenant.admin.post(CREATE, json);
    }

    private static Entry entry(Api.Reply reply, String changes) {
        return new Entry("participant.create", reply.data().path("id").asText(), changes);
    }

    private static String named(String localId) {
        return LEAST.replace("lawyer", localId);
    }

    private JsonNode all() {
        return tenant.admin.get(LIST).expect(200).data();
    }

    private String participantOf(String slug) {
        return tenant.admin
                .get(MODELS + "catalog?q=" + slug)
                .expect(200)
                .data()
                .path(0)
                .path("participant_id")
                .textValue();
    }

    @Test
    void post_createsWithDefaultsAndLogsIt() {
        Api.Reply reply = post(LEAST).expect(201);
        String id = reply.data().path("id").asText();
        assertThat(id).matches("ai-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(reply.data()).isEqualTo(TenantLog.json("""
                {"id": "%s", "local_id": "lawyer", "server_name": "localhost", "fqid": "@lawyer:localhost",
                 "display_name": "Lawyer", "avatar_url": null, "participant_type": "model",
                 "model": "partner/acme/legal-7b", "system_prompt": null,
                 "default_response_mode": "conversational", "enabled": false}""".formatted(id)));
        log.says(reply, entry(reply, CREATED));
        assertThat(all()).containsExactly(reply.data());
    }

    @Test
    void post_takesEachField() {
        tenant.admin.post(MODELS + MODEL + "/enable").expect(200);
        Api.Reply reply = post("""
                {"model": "partner/acme/legal-7b", "local_id": "a.b_c-9", "display_name": "L\u00e4w \ud83d\ude00",
                 "system_prompt": "Be brief.", "default_response_mode": "streaming", "enabled": true}""").expect(201);
        assertThat(reply.data().path("enabled").booleanValue()).isTrue();
        assertThat(reply.data().path("fqid").asText()).isEqualTo("@a.b_c-9:localhost");
        log.says(reply, entry(reply, """
                {"before": null, "after": {"local_id": "a.b_c-9", "display_name": "L\u00e4w \ud83d\ude00",
                 "participant_type": "model", "model": "partner/acme/legal-7b", "system_prompt": "Be brief.",
                 "default_response_mode": "streaming", "enabled": true}}"""));
        Api.Reply off = post(named("off").replace("}", ", \"enabled\": false, \"system_prompt\": null}"))
                .expect(201);
        assertThat(off.data().path("enabled").booleanValue()).isFalse();
        assertThat(log.of(off).get(0).at("/changes/after/enabled").booleanValue())
                .isFalse();
    }

    @Test
    void post_makesSeveralOfOneModelOfWhichTheFirstIsTheConfiguredOne() {
        String first = post(named("one")).expect(201).data().path("id").asText();
        JsonNode second = post(named("two")).expect(201).data();
        assertThat(participantOf(MODEL)).isEqualTo(first);
        Api.Reply configured = tenant.admin
                .put(MODELS + MODEL + "/participant", "{\"display_name\": \"Configured\"}")
                .expect(200);
        assertThat(configured.data().path("id").asText()).isEqualTo(first);
        assertThat(all().findValuesAsText("local_id")).containsExactly("one", "two");
        assertThat(all().get(1)).isEqualTo(second);
    }

    @Test
    void post_leavesTheOneThatWasConfiguredFirst() {
        String first = tenant.admin
                .put(MODELS + MODEL + "/participant", "{\"local_id\": \"one\", \"display_name\": \"One\"}")
                .expect(201)
                .data()
                .path("id")
                .asText();
        post(named("two")).expect(201);
        assertThat(participantOf(MODEL)).isEqualTo(first);
        String other = post(named("three").replace(MODEL, "scailar-pro"))
                .expect(201)
                .data()
                .path("id")
                .asText();
        assertThat(participantOf("scailar-pro")).isEqualTo(other);
    }

    @Test
    void post_refusesALocalIdThatIsTakenInTheTenant() {
        post(LEAST).expect(201);
        for (String json : new String[] {LEAST, LEAST.replace(MODEL, "scailar-pro")}) {
            Api.Reply reply = post(json).expect(409, "SW_PARTICIPANT_LOCAL_ID_TAKEN");
            assertThat(reply.fields()).containsExactly("/local_id");
            log.says(reply);
            tenant.admin.post(CREATE + "?dry_run=true", json).expect(409, "SW_PARTICIPANT_LOCAL_ID_TAKEN");
        }
        assertThat(all()).hasSize(1);
        assertThat(participantOf("scailar-pro")).isNull();
        tenant.partner.newTenant("").admin.post(CREATE, LEAST).expect(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme/nope", "acme", "Partner/acme/legal-7b"})
    void post_refusesAModelThatIsNotInTheCatalog(String model) {
        String json = LEAST.replace(MODEL, model);
        log.says(post(json).expect(404, "SW_MODEL_NOT_FOUND"));
        tenant.admin.post(CREATE + "?dry_run=true", json).expect(404, "SW_MODEL_NOT_FOUND");
        assertThat(all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|/model /local_id /display_name",
                "{\"model\": \"scailar-pro\"}|/local_id /display_name",
                "{\"model\": null, \"local_id\": null, \"display_name\": null}|/model /local_id /display_name",
                "{\"model\": \"a b\", \"local_id\": \"Capital\", \"display_name\": \"\"}|/model /local_id /display_name",
                "{\"model\": \"scailar-pro\", \"local_id\": \"a-\", \"display_name\": \"A\"}|/local_id",
                "{\"model\": \"scailar-pro\", \"local_id\": \"a\", \"display_name\": \"A\", \"enabled\": null}|/enabled",
                "{\"model\": \"scailar-pro\", \"local_id\": \"a\", \"display_name\": \"A\", \"default_response_mode\": null}|/default_response_mode",
                "{\"model\": \"scailar-pro\", \"local_id\": \"a\", \"display_name\": \"A\", \"avatar_url\": \"x\", \"id\": \"x\"}|/avatar_url /id"
            })
    void post_refusesWhatBreaksARule(String json, String fields) {
        Api.Reply reply = post(json).expect(422, "SW_VALIDATION_FAILED");
        assertThat(Set.copyOf(reply.fields())).containsExactlyInAnyOrder(fields.split(" "));
        tenant.admin.post(CREATE + "?dry_run=true", json).expect(422, "SW_VALIDATION_FAILED");
        log.says(reply);
        assertThat(all()).isEmpty();
    }

    @Test
    void post_refusesWhoMayNot() {
        TenantRefusals.check(server, tenant, "POST", CREATE, LEAST);
        assertThat(all()).isEmpty();
    }

    @Test
    void post_dryRunShowsTheReplyAndTheEntryAndChangesNothing() {
        Api sender = tenant.admin.with("Idempotency-Key", TestServer.unique("key"));
        Api.Reply reply = sender.post(CREATE + "?dry_run=true", LEAST).expect(201);
        assertThat(reply.data().path("local_id").asText()).isEqualTo("lawyer");
        log.previews(reply, entry(reply, CREATED));
        assertThat(all()).isEmpty();
        assertThat(participantOf(MODEL)).isNull();
        assertThat(sender.post(CREATE, LEAST).expect(201).data().path("id"))
                .isNotEqualTo(reply.data().path("id"));
        assertThat(all()).hasSize(1);
    }
}
