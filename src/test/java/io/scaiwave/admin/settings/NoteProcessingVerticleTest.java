package io.scaiwave.admin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TestServer;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoteProcessingVerticleTest {
    private static final String NOTES = "/v1/admin/note-processing";
    private static final String ALL = Setting.NOTE_PROCESSING.whole;

    private final SettingsOf settings = new SettingsOf(Setting.NOTE_PROCESSING);
    private final TestServer.Tenant tenant = settings.tenant;

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
        Api.Reply all = settings.put(ALL);
        Api.Reply reply = settings.put("{\"%s\": %s}".formatted(field, after));
        assertThat(reply.data().path(field)).isEqualTo(TenantLog.json(after));
        all.data().properties().forEach(other -> assertThat(
                        reply.data().path(other.getKey()).equals(other.getValue()))
                .as(other.getKey())
                .isEqualTo(!Set.of(field, "updated_at").contains(other.getKey())));
        settings.log.says(
                reply,
                settings.update(
                        "{\"before\": {\"%1$s\": %2$s}, \"after\": {\"%1$s\": %3$s}}".formatted(field, before, after)));
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
        settings.put(ALL);
        settings.refused(json, fields.split(" "));
    }

    @Test
    void put_takesAPromptUpToItsMost() {
        String most = "\ud83d\ude00".repeat(20_000);
        assertThat(settings.put("{\"prompt\": \"%s\"}".formatted(most))
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
}
