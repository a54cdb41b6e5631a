package io.scaiwave.admin.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantRefusals;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsVerticleTest {
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final String CATALOG = "/v1/admin/models/catalog";
    private static final String MODELS = "/v1/admin/models/";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();

    private Api.Reply turn(String slug, String verb) {
        return tenant.admin.post(MODELS + slug + "/" + verb).expect(200);
    }

    private void useByDefault(String slug) {
        String body = "{\"enabled_models\": [\"%1$s\"], \"default_model\": \"%1$s\"}".formatted(slug);
        tenant.admin.put(AI_CONFIG, body).expect(200);
    }

    @Test
    void list_answersAllPagesOfScaiGridInTheOrderOfSlugs() {
        Api.Reply reply = tenant.admin.get(CATALOG).expect(200);
        List<String> offered = server.platform().scaiGrid().models().stream()
                .map(model -> model.slug())
                .sorted()
                .toList();
        assertThat(reply.data().findValuesAsText("slug")).isEqualTo(offered);
        assertThat(reply.meta().path("total").asInt()).isEqualTo(offered.size());
        assertThat(reply.meta().path("limit").asInt()).isEqualTo(50);
        assertThat(reply.meta().path("offset").asInt()).isZero();
        assertThat(reply.meta().path("stale").booleanValue()).isFalse();
        assertThat(reply.meta().path("as_of").asText()).endsWith("Z");
    }

    @Test
    void list_showsWhatTheTenantMadeOfAModel() {
        useByDefault("claude-sonnet-4-6");
        String participant = tenant.admin
                .put(
                        MODELS + "claude-sonnet-4-6/participant",
                        "{\"local_id\": \"helper\", \"display_name\": \"Helper\"}")
                .expect(201)
                .data()
                .path("id")
                .asText();
        JsonNode data = tenant.admin.get(CATALOG + "?q=sonnet").expect(200).data();
        assertThat(data).isEqualTo(TenantLog.json("""
                [{"slug": "claude-sonnet-4-6", "display_name": "Claude Sonnet 4.6", "modality": "chat",
                  "context_window": 200000, "max_output_tokens": 64000, "status": "active", "health_status": "healthy",
                  "enabled": true, "is_default": true, "participant_id": "%s"}]""".formatted(participant)));
        JsonNode elsewhere = server.newTenant()
                .admin
                .get(CATALOG + "?q=sonnet")
                .expect(200)
                .data()
                .get(0);
        assertThat(elsewhere.path("enabled").booleanValue()).isFalse();
        assertThat(elsewhere.path("is_default").booleanValue()).isFalse();
        assertThat(elsewhere.path("participant_id").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "modality=embedding|baai/bge-m3 scailar-embed-2|2",
                "enabled=true|acme/enable scailar-pro|2",
                "enabled=false&q=scailar-p||0",
                "q=SCAILAR%20PRO|scailar-pro|1",
                "q=AAI/|baai/bge-m3|1",
                "q=_||0",
                "q=%25||0",
                "modality=audio&q=open|openai/whisper-large-v3|1",
                "modality=image&limit=1|black-forest-labs/flux-1.1-pro|2",
                "modality=image&limit=1&offset=1|scailar-vision-1|2",
                "modality=image&offset=1000000||2"
            })
    void list_filtersAndPages(String query, String slugs, int total) {
        turn("scailar-pro", "enable");
        turn("acme/enable", "enable");
        Api.Reply reply = tenant.admin.get(CATALOG + "?" + query).expect(200);
        assertThat(String.join(" ", reply.data().findValuesAsText("slug"))).isEqualTo(slugs == null ? "" : slugs);
        assertThat(reply.meta().path("total").asInt()).isEqualTo(total);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=201",
                "limit=1.5",
                "offset=-1",
                "offset=1000001",
                "modality=video",
                "enabled=yes",
                "q=",
                "sort=slug"
            })
    void list_refusesBadParametersAndNamesThem(String query) {
        Api.Reply reply = tenant.admin.get(CATALOG + "?" + query).expect(422, "SW_VALIDATION_FAILED");
        assertThat(reply.fields()).containsOnly(query.replaceAll("=.*", ""));
    }

    @ParameterizedTest
    @CsvSource({"GET,catalog", "POST,scailar-pro/enable", "POST,scailar-pro/disable"})
    void everyOperation_refusesWhoMayNot(String method, String path) {
        TenantRefusals.check(server, tenant, method, MODELS + path, null);
    }
}
