package io.scaiwave.admin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantLog.Entry;
import io.scaiwave.admin.testing.TenantRefusals;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoteProcessingVerticleTest {
    private static final String NOTES = "/v1/admin/note-processing";
    private static final String DRY_RUN = NOTES + "?dry_run=true";
    private static final String MODEL = "partner/acme/legal-7b";
    private static final String ALL = """
            {"enabled": true, "model": "partner/acme/legal-7b", "prompt": "Keep titles short.", "auto_title": true,
             "auto_tags": true, "auto_categorise": true, "extract_todos": true}""";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final TenantLog log = new TenantLog(server, tenant);

    @BeforeEach
    void enableModels() {
        tenant.admin
                .put("/v1/admin/ai-config", "{\"enabled_models\": [\"%s\", \"scailar-pro\"]}".formatted(MODEL))
                .expect(200);
    }

    private Api.Reply put(String json) {
        return tenant.admin.put(NOTES, json).expect(200);
    }

    private Api.Reply get() {
        return tenant.admin.get(NOTES).expect(200);
    }

    private Entry update(String changes) {
        return new Entry("note_processing.update", tenant.id, changes);
    }

    private static String prompt(int n) {
        return "{\"prompt\": \"p%d\"}".formatted(n);
    }

    @Test
    void get_answersTheDefaultsOfANewTenant() {
        JsonNode data = get().data();
        assertThat(data.path("updated_at").asText()).isNotEmpty();
        assertThat(((com.fasterxml.jackson.databind.node.ObjectNode) data)
                        .without("updated_at")
                        .toString())
                .isEqualTo("{\"enabled\":false,\"model\":null,\"prompt\":null,\"auto_title\":false,\"auto_tags\":false,"
                        + "\"auto_categorise\":false,\"extract_todos\":false}");
    }

    @Test
    void get_answers304ToTheVersionThatTheClientHas() {
        String tag = get().header("ETag");
        for (String sent : List.of(tag, "W/" + tag, "\"0\", " + tag, "*")) {
            assertThat(tenant.admin
                            .with("If-None-Match", sent)
                            .get(NOTES)
                            .expect(304)
                            .header("ETag"))
                    .isEqualTo(tag);
        }
        put(ALL);
        assertThat(tenant.admin
                        .with("If-None-Match", tag)
                        .get(NOTES)
                        .expect(200)
                        .header("ETag"))
                .isNotEqualTo(tag);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"GET|", "PUT|{\"enabled\": true}"})
    void everyOperation_refusesWhoMayNot(String method, String body) {
        TenantRefusals.check(server, tenant, method, NOTES, body);
    }

    @Test
    void put_changesEachFieldAndLogsWhatChanged() {
        JsonNode before = get().data();
        Api.Reply reply = put(ALL);
        TenantLog.json(ALL).properties().forEach(field -> assertThat(
                        reply.data().path(field.getKey()))
                .as(field.getKey())
                .isEqualTo(field.getValue()));
        assertThat(reply.data().path("updated_at").asText())
                .isGreaterThan(before.path("updated_at").asText());
        assertThat(get().body()).isEqualTo(reply.body());
        assertThat(get().header("ETag")).isEqualTo(reply.header("ETag"));
        log.says(reply, update("""
                {"before": {"enabled": false, "model": null, "prompt": null, "auto_title": false, "auto_tags": false,
                            "auto_categorise": false, "extract_todos": false},
                 "after": %s}""".formatted(ALL)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "enabled|true|false",
                "model|\"partner/acme/legal-7b\"|\"scailar-pro\"",
                "model|\"partner/acme/legal-7b\"|null",
                "prompt|\"Keep titles short.\"|\"Andere: \ud83d\ude00 'x'\"",
                "prompt|\"Keep titles short.\"|null",
                "auto_title|true|false",
                "auto_tags|true|false",
                "auto_categorise|true|false",
                "extract_todos|true|false"
            })
    void put_keepsWhatIsAbsentAndClearsWhatIsNull(String field, String before, String after) {
        Api.Reply all = put(ALL);
        Api.Reply reply = put("{\"%s\": %s}".formatted(field, after));
        assertThat(reply.data().path(field)).isEqualTo(TenantLog.json(after));
        all.data().properties().forEach(other -> assertThat(
                        reply.data().path(other.getKey()).equals(other.getValue()))
                .as(other.getKey())
                .isEqualTo(!Set.of(field, "updated_at").contains(other.getKey())));
        log.says(
                reply,
                update("{\"before\": {\"%1$s\": %2$s}, \"after\": {\"%1$s\": %3$s}}".formatted(field, before, after)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", ALL, "{\"model\": \"partner/acme/legal-7b\"}", "{\"auto_tags\": true}"})
    void put_thatChangesNothingWritesNoEntry(String json) {
        Api.Reply before = put(ALL);
        Api.Reply reply = put(json);
        assertThat(reply.body()).isEqualTo(before.body());
        assertThat(reply.header("ETag")).isEqualTo(before.header("ETag"));
        log.says(reply);
        log.previews(tenant.admin.put(DRY_RUN, json).expect(200), null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\": \"scailar-mini\"}|/model",
                "{\"model\": \"no/such-model\", \"enabled\": false}|/model",
                "{\"model\": \"a b\"}|/model",
                "{\"model\": \"\", \"prompt\": \"\"}|/model /prompt",
                "{\"prompt\": 1, \"enabled\": null, \"auto_title\": null}|/prompt /enabled /auto_title",
                "{\"auto_tags\": \"true\", \"auto_categorise\": 1, \"extract_todos\": []}|/auto_tags /auto_categorise /extract_todos",
                "{\"unknown\": 1, \"model_is_enabled\": true}|/unknown /model_is_enabled"
            })
    void put_refusesWhatBreaksARule(String json, String fields) {
        Api.Reply before = put(ALL);
        Api.Reply reply = tenant.admin.put(NOTES, json).expect(422, "SW_VALIDATION_FAILED");
        assertThat(Set.copyOf(reply.fields())).containsExactlyInAnyOrder(fields.split(" "));
        tenant.admin.put(DRY_RUN, json).expect(422, "SW_VALIDATION_FAILED");
        assertThat(get().body()).isEqualTo(before.body());
        assertThat(get().header("ETag")).isEqualTo(before.header("ETag"));
        log.says(reply);
    }

    @Test
    void put_takesAPromptUpToItsMost() {
        String most = "\ud83d\ude00".repeat(20_000);
        assertThat(put("{\"prompt\": \"%s\"}".formatted(most))
                        .data()
                        .path("prompt")
                        .asText())
                .isEqualTo(most);
        assertThat(tenant.admin
                        .put(NOTES, "{\"prompt\": \"%s\"}".formatted("a".repeat(20_001)))
                        .expect(422, "SW_VALIDATION_FAILED")
                        .fields())
                .containsExactly("/prompt");
    }

    @Test
    void put_dryRunShowsTheReplyAndTheEntryAndChangesNothing() {
        Api.Reply before = get();
        Api.Reply reply =
                tenant.admin.put(DRY_RUN, "{\"model\": \"scailar-pro\"}").expect(200);
        assertThat(reply.data().path("model").asText()).isEqualTo("scailar-pro");
        log.previews(reply, update("{\"before\": {\"model\": null}, \"after\": {\"model\": \"scailar-pro\"}}"));
        assertThat(get().body()).isEqualTo(before.body());
        assertThat(get().header("ETag")).isEqualTo(before.header("ETag"));
    }

    @Test
    void put_changesOnlyTheVersionThatIfMatchNames() {
        SettingsVersions.check(tenant, NOTES, NoteProcessingVerticleTest::prompt);
        assertThat(get().data().path("prompt").asText()).isEqualTo("p4");
    }

    @Test
    void put_ofOneVersionSucceedsOnceHoweverParallel() {
        int before = tenant.auditCount();
        Api sender = tenant.admin.with("If-Match", get().header("ETag"));
        List<Api.Reply> replies = Parallel.many(i -> sender.put(NOTES, prompt(i)));
        SettingsVersions.oneOf(replies, get());
        assertThat(tenant.auditCount()).isEqualTo(before + 1);
    }
}
