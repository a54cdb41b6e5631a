package io.scaiwave.admin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantLog.Entry;
import io.scaiwave.admin.testing.TenantRefusals;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AiConfigVerticleTest {
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final String DRY_RUN = AI_CONFIG + "?dry_run=true";
    private static final String TWO_MODELS =
            "{\"enabled_models\": [\"claude-sonnet-4-6\", \"scailar-pro\"], \"default_model\": \"claude-sonnet-4-6\"}";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final TenantLog log = new TenantLog(server, tenant);

    private Api.Reply put(String json) {
        return tenant.admin.put(AI_CONFIG, json).expect(200);
    }

    private Api.Reply get() {
        return tenant.admin.get(AI_CONFIG).expect(200);
    }

    private Entry update(String changes) {
        return new Entry("ai_config.update", tenant.id, changes);
    }

    private static String template(String name) {
        return "{\"system_prompt_templates\": [{\"name\": \"%s\", \"prompt\": \"p\"}]}".formatted(name);
    }

    /** The call was refused for these fields, and the settings and the log are as they were. */
    private void refused(String json, String... fields) {
        Api.Reply before = get();
        Api.Reply reply = tenant.admin.put(AI_CONFIG, json).expect(422, "SW_VALIDATION_FAILED");
        assertThat(Set.copyOf(reply.fields())).containsExactlyInAnyOrder(fields);
        tenant.admin.put(DRY_RUN, json).expect(422, "SW_VALIDATION_FAILED");
        assertThat(get().body()).isEqualTo(before.body());
        assertThat(get().header("ETag")).isEqualTo(before.header("ETag"));
        log.says(reply);
    }

    @Test
    void get_answersTheDefaultsOfANewTenant() {
        JsonNode data = get().data();
        assertThat(data.path("default_model").isNull()).isTrue();
        assertThat(data.path("enabled_models")).isEmpty();
        assertThat(data.path("system_prompt_templates")).isEmpty();
        assertThat(data.path("scaigrid_auth_mode").asText()).isEqualTo("per_user_exchange");
        assertThat(data.path("scaigrid_api_key").isNull()).isTrue();
    }

    @Test
    void get_answers304ToTheVersionThatTheClientHas() {
        String tag = get().header("ETag");
        for (String sent : List.of(tag, "W/" + tag, "\"0\", " + tag, "*")) {
            Api.Reply reply =
                    tenant.admin.with("If-None-Match", sent).get(AI_CONFIG).expect(304);
            assertThat(reply.header("ETag")).isEqualTo(tag);
        }
        tenant.admin.with("If-None-Match", "\"0\"").get(AI_CONFIG).expect(200);
        put(template("a"));
        assertThat(tenant.admin
                        .with("If-None-Match", tag)
                        .get(AI_CONFIG)
                        .expect(200)
                        .header("ETag"))
                .isNotEqualTo(tag);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"GET|", "PUT|{\"default_model\": null}"})
    void everyOperation_refusesWhoMayNot(String method, String body) {
        TenantRefusals.check(server, tenant, method, AI_CONFIG, body);
    }

    @Test
    void put_changesEachFieldAndLogsWhatChanged() {
        JsonNode before = get().data();
        Api.Reply reply = put("""
                {"default_model": "claude-sonnet-4-6", "enabled_models": ["claude-sonnet-4-6", "partner/acme/legal-7b"],
                 "system_prompt_templates": [{"name": "Friendly", "prompt": "Be kind."}],
                 "scaigrid_auth_mode": "per_user_exchange", "scaigrid_api_key": null}""");
        assertThat(reply.data().path("default_model").asText()).isEqualTo("claude-sonnet-4-6");
        assertThat(reply.data().path("enabled_models"))
                .isEqualTo(TenantLog.json("[\"claude-sonnet-4-6\", \"partner/acme/legal-7b\"]"));
        assertThat(reply.data().path("system_prompt_templates"))
                .isEqualTo(TenantLog.json("[{\"name\": \"Friendly\", \"prompt\": \"Be kind.\"}]"));
        assertThat(reply.data().path("updated_at").asText())
                .isGreaterThan(before.path("updated_at").asText());
        assertThat(get().body()).isEqualTo(reply.body());
        assertThat(get().header("ETag")).isEqualTo(reply.header("ETag"));
        log.says(reply, update("""
                {"before": {"default_model": null, "enabled_models": [], "system_prompt_templates": []},
                 "after": {"default_model": "claude-sonnet-4-6",
                           "enabled_models": ["claude-sonnet-4-6", "partner/acme/legal-7b"],
                           "system_prompt_templates": [{"name": "Friendly", "prompt": "Be kind."}]}}"""));
    }

    @Test
    void put_keepsWhatIsAbsentAndClearsWhatIsNull() {
        put(TWO_MODELS);
        JsonNode kept = put(template("a")).data();
        assertThat(kept.path("default_model").asText()).isEqualTo("claude-sonnet-4-6");
        assertThat(kept.path("enabled_models")).hasSize(2);
        Api.Reply cleared = put("{\"default_model\": null}");
        assertThat(cleared.data().path("default_model").isNull()).isTrue();
        assertThat(cleared.data().path("enabled_models")).hasSize(2);
        assertThat(cleared.data().path("system_prompt_templates")).hasSize(1);
        log.says(
                cleared,
                update(
                        "{\"before\": {\"default_model\": \"claude-sonnet-4-6\"}, \"after\": {\"default_model\": null}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", TWO_MODELS, "{\"default_model\": \"claude-sonnet-4-6\"}", "{\"scaigrid_api_key\": null}"})
    void put_thatChangesNothingWritesNoEntry(String json) {
        Api.Reply before = put(TWO_MODELS);
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
                "{\"default_model\": \"scailar-mini\"}|/default_model",
                "{\"enabled_models\": [\"scailar-pro\"], \"default_model\": \"claude-sonnet-4-6\"}|/default_model",
                "{\"enabled_models\": [\"scailar-pro\", \"nope\", \"acme/nope\"]}|/enabled_models/1 /enabled_models/2",
                "{\"enabled_models\": [\"scailar-pro\", \"scailar-pro\"]}|/enabled_models",
                "{\"enabled_models\": [\"/scailar-pro\"]}|/enabled_models/0",
                "{\"enabled_models\": null}|/enabled_models",
                "{\"system_prompt_templates\": null}|/system_prompt_templates",
                "{\"system_prompt_templates\": [{\"name\": \"n\"}]}|/system_prompt_templates/0/prompt",
                "{\"scaigrid_auth_mode\": null}|/scaigrid_auth_mode",
                "{\"scaigrid_auth_mode\": \"none\"}|/scaigrid_auth_mode",
                "{\"scaigrid_auth_mode\": \"service_token\"}|/scaigrid_api_key",
                "{\"unknown\": 1, \"default_model\": 1}|/unknown /default_model"
            })
    void put_refusesWhatBreaksARule(String json, String fields) {
        put(TWO_MODELS);
        refused(json, fields.split(" "));
    }

    @Test
    void put_droppingTheDefaultModelClearsItInTheSameEntry() {
        put(TWO_MODELS);
        Api.Reply reply = put("{\"enabled_models\": [\"scailar-pro\"]}");
        assertThat(reply.data().path("default_model").isNull()).isTrue();
        log.says(reply, update("""
                {"before": {"default_model": "claude-sonnet-4-6", "enabled_models": ["claude-sonnet-4-6", "scailar-pro"]},
                 "after": {"default_model": null, "enabled_models": ["scailar-pro"]}}"""));
    }

    @Test
    void put_keepsAnEnabledModelThatLeftTheCatalog() {
        Sql.change(server, "UPDATE ai_config SET enabled_models = '{gone/model}' WHERE tenant_id = ?::uuid", tenant.id);
        put("{\"enabled_models\": [\"scailar-pro\", \"gone/model\"], \"default_model\": \"gone/model\"}");
        refused("{\"enabled_models\": [\"gone/model\", \"gone/other\"]}", "/enabled_models/1");
        put("{\"enabled_models\": []}");
        refused("{\"enabled_models\": [\"gone/model\"]}", "/enabled_models/0");
    }

    @Test
    void put_dryRunShowsTheReplyAndTheEntryAndChangesNothing() {
        Api.Reply before = get();
        Api.Reply reply = tenant.admin.put(DRY_RUN, TWO_MODELS).expect(200);
        assertThat(reply.data().path("default_model").asText()).isEqualTo("claude-sonnet-4-6");
        log.previews(reply, update("""
                {"before": {"default_model": null, "enabled_models": []},
                 "after": {"default_model": "claude-sonnet-4-6", "enabled_models": ["claude-sonnet-4-6", "scailar-pro"]}}"""));
        assertThat(get().body()).isEqualTo(before.body());
        assertThat(get().header("ETag")).isEqualTo(before.header("ETag"));
        put(TWO_MODELS);
    }

    @Test
    void put_changesOnlyTheVersionThatIfMatchNames() {
        String stale = get().header("ETag");
        String current = put(template("0")).header("ETag");
        for (String sent : List.of(stale, "W/" + current, "\"999999\"", "\"x\"")) {
            Api sender = tenant.admin.with("If-Match", sent);
            log.says(sender.put(AI_CONFIG, template("refused")).expect(412, "SW_PRECONDITION_FAILED"));
            sender.put(DRY_RUN, template("refused")).expect(412, "SW_PRECONDITION_FAILED");
        }
        assertThat(get().header("ETag")).isEqualTo(current);
        current = tenant.admin
                .with("If-Match", current)
                .put(AI_CONFIG, template("1"))
                .expect(200)
                .header("ETag");
        tenant.admin
                .with("If-Match", stale + ", " + current)
                .put(AI_CONFIG, template("2"))
                .expect(200);
        tenant.admin.with("If-Match", "*").put(AI_CONFIG, template("3")).expect(200);
        assertThat(get().data().at("/system_prompt_templates/0/name").asText()).isEqualTo("3");
    }

    @Test
    void put_ofOneVersionSucceedsOnceHoweverParallel() {
        Api sender = tenant.admin.with("If-Match", get().header("ETag"));
        List<Api.Reply> replies = Parallel.many(i -> sender.put(AI_CONFIG, template("n" + i)));
        List<Api.Reply> done =
                replies.stream().filter(reply -> reply.status() == 200).toList();
        assertThat(done).hasSize(1);
        replies.stream()
                .filter(reply -> reply.status() != 200)
                .forEach(reply -> reply.expect(412, "SW_PRECONDITION_FAILED"));
        assertThat(get().body()).isEqualTo(done.get(0).body());
        assertThat(tenant.auditCount()).isEqualTo(1);
    }
}
