package io.scaiwave.admin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantLog.Entry;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The model of note processing goes when it is no longer enabled, whichever way that comes about. */
class NoteModelTest {
    private static final String NOTES = "/v1/admin/note-processing";
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final String MODELS = "/v1/admin/models/";
    private static final String MODEL = "mistralai/voxtral-small-latest";
    private static final String CHOOSE = "{\"model\": \"%s\"}".formatted(MODEL);
    private static final String BOTH =
            "{\"enabled_models\": [\"%s\", \"scailar-pro\"], \"default_model\": null}".formatted(MODEL);
    private static final String OFF = "{\"before\": {\"enabled\": true}, \"after\": {\"enabled\": false}}";
    private static final int ROUNDS = 40;

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final TenantLog log = new TenantLog(server, tenant);

    @BeforeEach
    void chooseTheModel() {
        tenant.admin.put(AI_CONFIG, BOTH).expect(200);
        tenant.admin.put(NOTES, CHOOSE).expect(200);
    }

    private Api.Reply notes() {
        return tenant.admin.get(NOTES).expect(200);
    }

    private Entry cleared() {
        return new Entry(
                "note_processing.update",
                tenant.id,
                "{\"before\": {\"model\": \"%s\"}, \"after\": {\"model\": null}}".formatted(MODEL));
    }

    private Entry config(String before, String after) {
        return new Entry("ai_config.update", tenant.id, "{\"before\": %s, \"after\": %s}".formatted(before, after));
    }

    @Test
    void disable_clearsTheModelInAnEntryOfItsOwn() {
        String tag = notes().header("ETag");
        Api.Reply reply = tenant.admin.post(MODELS + MODEL + "/disable").expect(200);
        log.says(reply, new Entry("model.disable", MODEL, OFF), cleared());
        assertThat(notes().data().path("model").isNull()).isTrue();
        tenant.admin.with("If-Match", tag).put(NOTES, "{\"enabled\": true}").expect(412, "SW_PRECONDITION_FAILED");
        tenant.admin.put(NOTES, CHOOSE).expect(422, "SW_VALIDATION_FAILED");
    }

    @Test
    void disable_ofTheDefaultModelClearsBothInEntriesOfTheirOwn() {
        tenant.admin
                .put(AI_CONFIG, "{\"default_model\": \"%s\"}".formatted(MODEL))
                .expect(200);
        Api.Reply reply = tenant.admin.post(MODELS + MODEL + "/disable").expect(200);
        log.says(
                reply,
                new Entry("model.disable", MODEL, OFF),
                config("{\"default_model\": \"%s\"}".formatted(MODEL), "{\"default_model\": null}"),
                cleared());
    }

    @Test
    void dropping_clearsTheModelInAnEntryOfItsOwn() {
        Api.Reply reply = tenant.admin
                .put(AI_CONFIG, "{\"enabled_models\": [\"scailar-pro\"]}")
                .expect(200);
        assertThat(reply.data().path("enabled_models")).hasSize(1);
        log.says(
                reply,
                config(
                        "{\"enabled_models\": [\"%s\", \"scailar-pro\"]}".formatted(MODEL),
                        "{\"enabled_models\": [\"scailar-pro\"]}"),
                cleared());
        assertThat(notes().data().path("model").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST|/v1/admin/models/scailar-pro/disable|",
                "POST|/v1/admin/models/scailar-mini/enable|",
                "PUT|/v1/admin/ai-config|{\"enabled_models\": [\"mistralai/voxtral-small-latest\"]}",
                "PUT|/v1/admin/ai-config|{\"default_model\": \"scailar-pro\"}"
            })
    void changes_thatDoNotNameTheModelLeaveItAlone(String method, String path, String body) {
        Api.Reply before = notes();
        Api.Reply reply = tenant.admin.send(method, path, body).expect(200);
        assertThat(log.of(reply))
                .hasSize(1)
                .noneMatch(entry -> entry.path("action").asText().equals("note_processing.update"));
        assertThat(notes().body()).isEqualTo(before.body());
        assertThat(notes().header("ETag")).isEqualTo(before.header("ETag"));
    }

    @Test
    void disable_writesNoEntryWhereNoModelIsChosen() {
        tenant.admin.put(NOTES, "{\"model\": null}").expect(200);
        Api.Reply reply = tenant.admin.post(MODELS + MODEL + "/disable").expect(200);
        log.says(reply, new Entry("model.disable", MODEL, OFF));
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "drop"})
    void dryRun_showsTheFirstEntryAndClearsNothing(String way) {
        Api.Reply before = notes();
        Api.Reply reply = off(way, "?dry_run=true").expect(200);
        assertThat(reply.meta().at("/audit_entry/action").asText())
                .isEqualTo(way.equals("disable") ? "model.disable" : "ai_config.update");
        log.says(reply);
        assertThat(notes().body()).isEqualTo(before.body());
    }

    /** Whichever comes first: a model that is disabled is never the chosen one, and what is on record leads to what is there. */
    @ParameterizedTest
    @ValueSource(strings = {"disable", "drop"})
    void choosing_neverWinsOverDisabling(String way) {
        for (int round = 0; round < ROUNDS; round++) {
            tenant.admin.put(AI_CONFIG, BOTH).expect(200);
            if (round % 2 == 0) {
                tenant.admin.put(NOTES, "{\"model\": null}").expect(200);
            }
            List<Api.Reply> replies = Parallel.calls(2, i -> i == 0 ? tenant.admin.put(NOTES, CHOOSE) : off(way, ""));
            assertThat(replies.get(0).status()).isIn(200, 422);
            replies.get(1).expect(200);
            assertThat(notes().data().path("model").isNull())
                    .as("round %d: %s", round, replies.get(0).body())
                    .isTrue();
        }
        assertEntriesLeadToNull();
    }

    private Api.Reply off(String way, String query) {
        if (way.equals("disable")) {
            return tenant.admin.post(MODELS + MODEL + "/disable" + query);
        }
        return tenant.admin.put(AI_CONFIG + query, "{\"enabled_models\": [\"scailar-pro\"]}");
    }

    private void assertEntriesLeadToNull() {
        server.settle();
        List<String> models = tenant
                .admin
                .get("/v1/admin/audit?limit=1000&action=note_processing.update")
                .expect(200)
                .data()
                .findValues("changes")
                .stream()
                .map(changes -> changes.at("/before/model").asText() + ">"
                        + changes.at("/after/model").asText())
                .toList();
        assertThat(models).hasSizeGreaterThan(1);
        for (int i = 0; i < models.size(); i++) {
            assertThat(models.get(i)).isEqualTo(i % 2 == 0 ? MODEL + ">null" : "null>" + MODEL);
        }
    }
}
