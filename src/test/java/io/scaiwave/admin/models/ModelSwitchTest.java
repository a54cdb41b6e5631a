package io.scaiwave.admin.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantLog.Entry;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Turning models on and off. */
class ModelSwitchTest {
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final String CATALOG = "/v1/admin/models/catalog";
    private static final String MODELS = "/v1/admin/models/";
    private static final String ON = "{\"before\": {\"enabled\": false}, \"after\": {\"enabled\": true}}";
    private static final String OFF = "{\"before\": {\"enabled\": true}, \"after\": {\"enabled\": false}}";
    private static final int MODELS_MAX = 500;

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final TenantLog log = new TenantLog(server, tenant);

    private Api.Reply turn(String slug, String verb) {
        return tenant.admin.post(MODELS + slug + "/" + verb).expect(200);
    }

    private void useByDefault(String slug) {
        String body = "{\"enabled_models\": [\"%1$s\"], \"default_model\": \"%1$s\"}".formatted(slug);
        tenant.admin.put(AI_CONFIG, body).expect(200);
    }

    private JsonNode config() {
        return tenant.admin.get(AI_CONFIG).expect(200).data();
    }

    private List<String> enabled() {
        return tenant.admin.get(CATALOG + "?enabled=true").expect(200).data().findValuesAsText("slug");
    }

    private static void isState(Api.Reply reply, String slug, boolean enabled, boolean isDefault) {
        assertThat(reply.data())
                .isEqualTo(TenantLog.json(
                        "{\"slug\": \"%s\", \"enabled\": %s, \"is_default\": %s}".formatted(slug, enabled, isDefault)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claude-sonnet-4-6",
                "mistralai/voxtral-small-latest",
                "partner/acme/legal-7b",
                "hub/eu/acme/summariser-2",
                "acme/enable"
            })
    void slug_worksRawAndEncoded(String slug) {
        for (String slash : List.of("/", "%2F", "%2f")) {
            String sent = slug.replace("/", slash);
            Api.Reply on = turn(sent, "enable");
            isState(on, slug, true, false);
            log.says(on, new Entry("model.enable", slug, ON));
            assertThat(enabled()).containsExactly(slug);
            Api.Reply off = turn(sent, "disable");
            isState(off, slug, false, false);
            log.says(off, new Entry("model.disable", slug, OFF));
            assertThat(enabled()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"acme,enable", "acme,disable", "nope/nope,enable", "acme%2Fenable/disable,enable", "catalog,disable"})
    void change_refusesAModelThatIsNotInTheCatalog(String slug, String verb) {
        log.says(tenant.admin.post(MODELS + slug + "/" + verb).expect(404, "SW_MODEL_NOT_FOUND"));
        tenant.admin.post(MODELS + slug + "/" + verb + "?dry_run=true").expect(404, "SW_MODEL_NOT_FOUND");
        assertThat(config().path("enabled_models")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-bad", "a//b%20", "a%0A", "%C3%A4", ".hidden", "a/-b"})
    void change_refusesASlugThatIsNoneOrUnknown(String slug) {
        for (String verb : List.of("/enable", "/disable")) {
            tenant.admin.post(MODELS + slug + verb).expect(404, "SW_MODEL_NOT_FOUND");
        }
        tenant.admin.post(MODELS + "a".repeat(257) + "/enable").expect(404, "SW_MODEL_NOT_FOUND");
    }

    @Test
    void change_isOneStateWithTheSettings() {
        tenant.admin
                .put(AI_CONFIG, "{\"enabled_models\": [\"scailar-pro\", \"scailar-mini\"]}")
                .expect(200);
        String tag = tenant.admin.get(AI_CONFIG).expect(200).header("ETag");
        turn("acme/enable", "enable");
        turn("scailar-pro", "disable");
        assertThat(config().path("enabled_models")).isEqualTo(TenantLog.json("[\"scailar-mini\", \"acme/enable\"]"));
        tenant.admin.with("If-Match", tag).put(AI_CONFIG, "{}").expect(412, "SW_PRECONDITION_FAILED");
    }

    @Test
    void change_thatChangesNothingWritesNoEntry() {
        useByDefault("scailar-pro");
        String tag = tenant.admin.get(AI_CONFIG).expect(200).header("ETag");
        Api.Reply on = turn("scailar-pro", "enable");
        isState(on, "scailar-pro", true, true);
        log.says(on);
        Api.Reply off = turn("scailar-mini", "disable");
        isState(off, "scailar-mini", false, false);
        log.says(off);
        log.previews(turn("scailar-pro", "enable?dry_run=true"), null);
        log.previews(turn("scailar-mini", "disable?dry_run=true"), null);
        assertThat(tenant.admin.get(AI_CONFIG).expect(200).header("ETag")).isEqualTo(tag);
    }

    @Test
    void change_dryRunShowsTheEntryAndChangesNothing() {
        useByDefault("scailar-pro");
        JsonNode before = config();
        Api.Reply on = turn("acme/enable", "enable?dry_run=true");
        isState(on, "acme/enable", true, false);
        log.previews(on, new Entry("model.enable", "acme/enable", ON));
        Api.Reply off = turn("scailar-pro", "disable?dry_run=true");
        isState(off, "scailar-pro", false, false);
        log.previews(off, new Entry("model.disable", "scailar-pro", OFF));
        assertThat(config()).isEqualTo(before);
        assertThat(enabled()).containsExactly("scailar-pro");
    }

    @Test
    void disable_ofTheDefaultModelClearsItInAnEntryOfItsOwn() {
        useByDefault("mistralai/voxtral-small-latest");
        Api.Reply reply = turn("mistralai/voxtral-small-latest", "disable");
        isState(reply, "mistralai/voxtral-small-latest", false, false);
        log.says(
                reply,
                new Entry("model.disable", "mistralai/voxtral-small-latest", OFF),
                new Entry("ai_config.update", tenant.id, """
                        {"before": {"default_model": "mistralai/voxtral-small-latest"}, "after": {"default_model": null}}"""));
        assertThat(config().path("default_model").isNull()).isTrue();
        assertThat(config().path("enabled_models")).isEmpty();
    }

    @Test
    void disable_takesAModelThatLeftTheCatalog() {
        Sql.change(server, "UPDATE ai_config SET enabled_models = '{gone/model}' WHERE tenant_id = ?::uuid", tenant.id);
        log.says(turn("gone/model", "disable"), new Entry("model.disable", "gone/model", OFF));
        tenant.admin.post(MODELS + "gone/model/enable").expect(404, "SW_MODEL_NOT_FOUND");
        tenant.admin.post(MODELS + "gone/model/disable").expect(404, "SW_MODEL_NOT_FOUND");
    }

    @Test
    void enable_stopsAtTheMostThatATenantCanHave() {
        Sql.change(
                server,
                "UPDATE ai_config SET enabled_models = ARRAY(SELECT 'm' || n FROM generate_series(1, ?) n) WHERE tenant_id = ?::uuid",
                MODELS_MAX,
                tenant.id);
        log.says(tenant.admin.post(MODELS + "scailar-pro/enable").expect(409, "SW_TENANT_CAPACITY"));
        turn("m1", "disable");
        turn("scailar-pro", "enable");
        assertThat(config().path("enabled_models")).hasSize(MODELS_MAX);
    }

    @Test
    void enable_ofOneModelWritesOneEntryHoweverParallel() {
        Parallel.many(i -> turn("scailar-pro", "enable"));
        assertThat(tenant.auditCount()).isEqualTo(1);
        assertThat(config().path("enabled_models")).isEqualTo(TenantLog.json("[\"scailar-pro\"]"));
    }

    @Test
    void enable_ofManyModelsLosesNoneHoweverParallel() {
        List<String> slugs = server.platform().scaiGrid().models().stream()
                .map(model -> model.slug())
                .toList();
        Parallel.many(i -> turn(slugs.get(i % slugs.size()), "enable"));
        assertThat(enabled()).containsExactlyInAnyOrderElementsOf(slugs);
        assertThat(tenant.auditCount()).isEqualTo(slugs.size());
    }
}
