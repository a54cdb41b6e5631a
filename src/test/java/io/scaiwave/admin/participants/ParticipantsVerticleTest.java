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

class ParticipantsVerticleTest {
    private static final String MODELS = "/v1/admin/models/";
    private static final String MODEL = "mistralai/voxtral-small-latest";
    private static final String HELPER = "{\"local_id\": \"helper\", \"display_name\": \"Helper\"}";
    private static final String HELPER_CREATED = """
            {"before": null, "after": {"local_id": "helper", "display_name": "Helper", "participant_type": "model",
             "model": "mistralai/voxtral-small-latest", "system_prompt": null, "default_response_mode": "conversational",
             "enabled": true}}""";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final TenantLog log = new TenantLog(server, tenant);

    private static String participant(String slug) {
        return MODELS + slug + "/participant";
    }

    private Api.Reply put(String json) {
        return tenant.admin.put(participant(MODEL), json);
    }

    private static Entry entry(Api.Reply reply, String verb, String changes) {
        return new Entry("participant." + verb, reply.data().path("id").asText(), changes);
    }

    private String participantOf(String slug) {
        JsonNode models =
                tenant.admin.get(MODELS + "catalog?q=" + slug).expect(200).data();
        return models.path(0).path("participant_id").textValue();
    }

    @Test
    void put_createsWithDefaultsAndLogsIt() {
        Api.Reply reply = put(HELPER).expect(201);
        String id = reply.data().path("id").asText();
        assertThat(id).startsWith("ai-");
        assertThat(reply.data()).isEqualTo(TenantLog.json("""
                {"id": "%s", "local_id": "helper", "server_name": "localhost", "fqid": "@helper:localhost",
                 "display_name": "Helper", "avatar_url": null, "participant_type": "model",
                 "model": "mistralai/voxtral-small-latest", "system_prompt": null,
                 "default_response_mode": "conversational", "enabled": false}""".formatted(id)));
        log.says(reply, entry(reply, "create", HELPER_CREATED));
        assertThat(participantOf(MODEL)).isEqualTo(id);
    }

    @Test
    void put_mergesIntoTheOneThereIsAndLogsWhatChanged() {
        Api.Reply created = put("""
                        {"local_id": "helper", "display_name": "Helper", "system_prompt": "Be kind.",
                         "default_response_mode": "streaming", "enabled": true}""").expect(201);
        Api.Reply renamed =
                put("{\"display_name\": \"Other\", \"local_id\": \"other\"}").expect(200);
        assertThat(renamed.data().path("id")).isEqualTo(created.data().path("id"));
        assertThat(renamed.data().path("fqid").asText()).isEqualTo("@other:localhost");
        assertThat(renamed.data().path("system_prompt").asText()).isEqualTo("Be kind.");
        assertThat(renamed.data().path("default_response_mode").asText()).isEqualTo("streaming");
        log.says(renamed, entry(renamed, "update", """
                {"before": {"local_id": "helper", "display_name": "Helper"},
                 "after": {"local_id": "other", "display_name": "Other"}}"""));
        Api.Reply cleared = put("{\"system_prompt\": null, \"enabled\": false}").expect(200);
        log.says(cleared, entry(cleared, "update", """
                {"before": {"system_prompt": "Be kind.", "enabled": true}, "after": {"system_prompt": null, "enabled": false}}"""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", HELPER, "{\"system_prompt\": null, \"enabled\": true}"})
    void put_thatChangesNothingWritesNoEntry(String json) {
        Api.Reply created = put(HELPER).expect(201);
        Api.Reply reply = put(json).expect(200);
        assertThat(reply.body()).isEqualTo(created.body());
        log.says(reply);
        log.previews(
                tenant.admin.put(participant(MODEL) + "?dry_run=true", json).expect(200), null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|/local_id /display_name",
                "{\"local_id\": \"helper\"}|/display_name",
                "{\"display_name\": \"Helper\", \"enabled\": true}|/local_id",
                "{\"local_id\": null, \"display_name\": null}|/local_id /display_name",
                "{\"local_id\": \"Capital\", \"display_name\": \"\"}|/local_id /display_name",
                "{\"local_id\": \"a:b\", \"display_name\": \"Helper\"}|/local_id",
                "{\"local_id\": \"a\", \"display_name\": \"Helper\", \"default_response_mode\": \"slow\"}|/default_response_mode",
                "{\"local_id\": \"a\", \"display_name\": \"Helper\", \"enabled\": null}|/enabled",
                "{\"local_id\": \"a\", \"display_name\": \"Helper\", \"models\": 1}|/models"
            })
    void put_refusesWhatBreaksARule(String json, String fields) {
        Api.Reply reply = put(json).expect(422, "SW_VALIDATION_FAILED");
        assertThat(Set.copyOf(reply.fields())).containsExactlyInAnyOrder(fields.split(" "));
        tenant.admin.put(participant(MODEL) + "?dry_run=true", json).expect(422, "SW_VALIDATION_FAILED");
        log.says(reply);
        assertThat(participantOf(MODEL)).isNull();
    }

    @Test
    void put_refusesAModelThatIsNotInTheCatalog() {
        log.says(tenant.admin.put(participant("acme/nope"), HELPER).expect(404, "SW_MODEL_NOT_FOUND"));
        tenant.admin.put(participant("%20bad"), HELPER).expect(404, "SW_MODEL_NOT_FOUND");
    }

    @Test
    void put_refusesWhoMayNot() {
        TenantRefusals.check(server, tenant, "PUT", participant(MODEL), HELPER);
    }

    @Test
    void put_refusesALocalIdThatIsTakenInTheTenant() {
        put(HELPER).expect(201);
        Api.Reply created =
                tenant.admin.put(participant("scailar-pro"), HELPER).expect(409, "SW_PARTICIPANT_LOCAL_ID_TAKEN");
        assertThat(created.fields()).containsExactly("/local_id");
        log.says(created);
        tenant.admin
                .put(participant("scailar-pro"), HELPER.replace("helper", "other"))
                .expect(201);
        Api.Reply updated = tenant.admin
                .put(participant("scailar-pro"), "{\"local_id\": \"helper\"}")
                .expect(409, "SW_PARTICIPANT_LOCAL_ID_TAKEN");
        assertThat(updated.fields()).containsExactly("/local_id");
        log.says(updated);
        tenant.partner.newTenant("").admin.put(participant(MODEL), HELPER).expect(201);
    }

    @Test
    void put_dryRunShowsTheReplyAndTheEntryAndChangesNothing() {
        String dryRun = participant(MODEL) + "?dry_run=true";
        Api.Reply creation = tenant.admin.put(dryRun, HELPER).expect(201);
        log.previews(creation, entry(creation, "create", HELPER_CREATED));
        assertThat(participantOf(MODEL)).isNull();
        Api.Reply created = put(HELPER).expect(201);
        Api.Reply change =
                tenant.admin.put(dryRun, "{\"display_name\": \"Other\"}").expect(200);
        assertThat(change.data().path("display_name").asText()).isEqualTo("Other");
        log.previews(
                change,
                entry(
                        change,
                        "update",
                        "{\"before\": {\"display_name\": \"Helper\"}, \"after\": {\"display_name\": \"Other\"}}"));
        assertThat(put("{}").expect(200).body()).isEqualTo(created.body());
        tenant.admin
                .put(participant("scailar-pro") + "?dry_run=true", HELPER)
                .expect(409, "SW_PARTICIPANT_LOCAL_ID_TAKEN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"claude-sonnet-4-6", MODEL, "partner/acme/legal-7b", "hub/eu/acme/summariser-2", "acme/enable"})
    void put_takesEachSlugRawAndEncoded(String slug) {
        Api.Reply created = tenant.admin.put(participant(slug), HELPER).expect(201);
        assertThat(created.data().path("model").asText()).isEqualTo(slug);
        Api.Reply again =
                tenant.admin.put(participant(slug.replace("/", "%2F")), "{}").expect(200);
        assertThat(again.body()).isEqualTo(created.body());
    }

    @Test
    void participant_isEnabledOnlyWhileItsModelIs() {
        assertThat(put(HELPER).expect(201).data().path("enabled").booleanValue())
                .isFalse();
        tenant.admin.post(MODELS + MODEL + "/enable").expect(200);
        assertThat(put("{}").expect(200).data().path("enabled").booleanValue()).isTrue();
        assertThat(put("{\"enabled\": false}")
                        .expect(200)
                        .data()
                        .path("enabled")
                        .booleanValue())
                .isFalse();
        assertThat(put("{\"enabled\": true}").expect(200).data().path("enabled").booleanValue())
                .isTrue();
        tenant.admin.post(MODELS + MODEL + "/disable").expect(200);
        assertThat(put("{}").expect(200).data().path("enabled").booleanValue()).isFalse();
        tenant.admin.post(MODELS + MODEL + "/enable").expect(200);
        assertThat(put("{}").expect(200).data().path("enabled").booleanValue()).isTrue();
    }
}
