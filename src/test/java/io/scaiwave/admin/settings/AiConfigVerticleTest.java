package io.scaiwave.admin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AiConfigVerticleTest {
    private static final String TWO_MODELS =
            "{\"enabled_models\": [\"claude-sonnet-4-6\", \"scailar-pro\"], \"default_model\": \"claude-sonnet-4-6\"}";

    private final SettingsOf settings = new SettingsOf(Setting.AI_CONFIG);
    private final TestServer server = settings.server;
    private final TestServer.Tenant tenant = settings.tenant;

    private static String template(String name) {
        return "{\"system_prompt_templates\": [{\"name\": \"%s\", \"prompt\": \"p\"}]}".formatted(name);
    }

    @Test
    void get_answersTheDefaultsOfANewTenant() {
        JsonNode data = settings.get().data();
        assertThat(data.path("default_model").isNull()).isTrue();
        assertThat(data.path("enabled_models")).isEmpty();
        assertThat(data.path("system_prompt_templates")).isEmpty();
        assertThat(data.path("scaigrid_auth_mode").asText()).isEqualTo("per_user_exchange");
        assertThat(data.path("scaigrid_api_key").isNull()).isTrue();
    }

    @Test
    void put_keepsWhatIsAbsentAndClearsWhatIsNull() {
        settings.put(TWO_MODELS);
        JsonNode kept = settings.put(template("a")).data();
        assertThat(kept.path("default_model").asText()).isEqualTo("claude-sonnet-4-6");
        assertThat(kept.path("enabled_models")).hasSize(2);
        Api.Reply cleared = settings.put("{\"default_model\": null}");
        assertThat(cleared.data().path("default_model").isNull()).isTrue();
        assertThat(cleared.data().path("enabled_models")).hasSize(2);
        assertThat(cleared.data().path("system_prompt_templates")).hasSize(1);
        settings.log.says(
                cleared,
                settings.update(
                        "{\"before\": {\"default_model\": \"claude-sonnet-4-6\"}, \"after\": {\"default_model\": null}}"));
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
        settings.put(TWO_MODELS);
        settings.refused(json, fields.split(" "));
    }

    @Test
    void put_droppingTheDefaultModelClearsItInTheSameEntry() {
        settings.put(TWO_MODELS);
        Api.Reply reply = settings.put("{\"enabled_models\": [\"scailar-pro\"]}");
        assertThat(reply.data().path("default_model").isNull()).isTrue();
        settings.log.says(reply, settings.update("""
                {"before": {"default_model": "claude-sonnet-4-6", "enabled_models": ["claude-sonnet-4-6", "scailar-pro"]},
                 "after": {"default_model": null, "enabled_models": ["scailar-pro"]}}"""));
    }

    @Test
    void put_keepsAnEnabledModelThatLeftTheCatalog() {
        Sql.change(server, "UPDATE ai_config SET enabled_models = '{gone/model}' WHERE tenant_id = ?::uuid", tenant.id);
        settings.put("{\"enabled_models\": [\"scailar-pro\", \"gone/model\"], \"default_model\": \"gone/model\"}");
        settings.refused("{\"enabled_models\": [\"gone/model\", \"gone/other\"]}", "/enabled_models/1");
        settings.put("{\"enabled_models\": []}");
        settings.refused("{\"enabled_models\": [\"gone/model\"]}", "/enabled_models/0");
    }
}
