package io.scaiwave.admin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.AsyncApi;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is on the audit topic after every kind of change, held against asyncapi.yaml. */
class AuditEventsTest {
    private static final AsyncApi DOCUMENT = AsyncApi.published();
    private static final Duration AT_MOST = Duration.ofSeconds(20);
    private static final String MODEL = "mistralai/voxtral-small-latest";

    private final TestServer server = TestServer.shared();

    @Test
    void everyEvent_isAsItsMessageSays() {
        TestServer.Partner partner = server.newPartner(", \"contact_email\": \"ops@acme.example\", \"max_tenants\": 9");
        TestServer.Tenant tenant =
                partner.newTenant(", \"limits\": {\"max_rooms\": 9007199254740991}, \"features\": {\"beta\": true}");
        String below = changePartner(partner);
        changeSettings(tenant.admin);
        changeModelsAndPlugins(tenant.admin);
        List<AuditTopic.Event> events = new ArrayList<>();
        int ofPartner = partner.entries("").size() - tenant.auditCount() - 1;
        events.addAll(events("partner:" + partner.id, ofPartner));
        events.addAll(events("partner:" + below, 1));
        events.addAll(events("tenant:" + tenant.id, tenant.auditCount()));

        events.forEach(AuditEventsTest::check);
        Set<String> actions = events.stream()
                .map(event -> event.value().at("/data/action").asText())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(actions)
                .containsExactly(
                        "ai_config.update",
                        "model.disable",
                        "model.enable",
                        "note_processing.update",
                        "participant.create",
                        "participant.update",
                        "partner.create",
                        "partner.update",
                        "plugin.disable",
                        "plugin.enable",
                        "prompt_studio.update",
                        "tenant.create");
    }

    /** The id of a partner below it, with one change in its own chain. */
    private String changePartner(TestServer.Partner partner) {
        String creation = "{\"slug\": \"%s\", \"name\": \"Below\"}".formatted(TestServer.unique("below"));
        JsonNode below =
                partner.admin.post("/v1/admin/partners", creation).expect(201).data();
        String change = """
                {"name": "Renamed", "slug": "%s", "scaikey_partner_id": "%s", "status": "suspended", "max_tenants": 0,
                 "contact_email": "ops@acme.example", "disabled_plugins": ["scaiwave.web"]}""".formatted(TestServer.unique("renamed"), TestServer.unique("sk"));
        String id = below.path("id").asText();
        partner.admin.put("/v1/admin/partners/" + id, change).expect(200);
        return id;
    }

    private static void changeSettings(Api admin) {
        admin.post("/v1/admin/models/" + MODEL + "/enable").expect(200);
        admin.put("/v1/admin/ai-config", """
                {"default_model": "%s", "enabled_models": ["%s", "scailar-pro"], "scaigrid_auth_mode": "service_token",
                 "scaigrid_api_key": "sgk_%s",
                 "system_prompt_templates": [{"name": "Kürze", "prompt": "„So“ \\"kurz\\"\\n\\t🙂 \\\\ / \\u2028"}]}""".formatted(MODEL, MODEL, "x".repeat(20)))
                .expect(200);
        admin.put("/v1/admin/ai-config", "{\"scaigrid_auth_mode\": \"per_user_exchange\"}")
                .expect(200);
        admin.put(
                        "/v1/admin/prompt-studio",
                        "{\"enabled\": true, \"allowlist\": {\"roles\": [\"editor\"], \"groups\": [\"g\"]}}")
                .expect(200);
        admin.put("/v1/admin/note-processing", """
                {"enabled": true, "model": "%s", "prompt": "p", "auto_title": true, "auto_tags": true,
                 "auto_categorise": true, "extract_todos": true}""".formatted(MODEL)).expect(200);
    }

    private static void changeModelsAndPlugins(Api admin) {
        String participant = "/v1/admin/models/" + MODEL + "/participant";
        admin.put(participant, "{\"local_id\": \"v\", \"display_name\": \"V\"}").expect(201);
        admin.put(participant, """
                {"local_id": "w", "display_name": "W", "system_prompt": "s", "default_response_mode": "streaming",
                 "enabled": false}""").expect(200);
        admin.post("/v1/admin/plugins/scaiwave.calendar/enable").expect(200);
        admin.post("/v1/admin/plugins/scaiwave.calendar/disable").expect(200);
        admin.post("/v1/admin/models/" + MODEL + "/disable").expect(200);
    }

    private List<AuditTopic.Event> events(String chain, int count) {
        return AuditTopic.read(server.platform().kafka().bootstrapServers(), chain, count, AT_MOST);
    }

    private static void check(AuditTopic.Event event) {
        JsonNode value = event.value();
        String type = value.path("type").asText();
        assertThat(DOCUMENT.undescribed(type, value)).as("%s", value).isEmpty();
        assertThat(event.headers()).containsEntry("content-type", "application/cloudevents+json");
        assertThat(DOCUMENT.problemsAt("/components/schemas/ChainName", TextNode.valueOf(event.key())))
                .as(event.key())
                .isEmpty();
        JsonNode entry = value.path("data");
        assertThat(event.key()).isEqualTo(entry.path("chain").asText());
        assertThat(type).isEqualTo("io.scaiwave.admin." + entry.path("action").asText());
        assertThat(value.path("subject").asText())
                .isEqualTo(entry.path("resource_type").asText() + "/"
                        + entry.path("resource_id").asText());
        assertThat(value.path("sequence").asText())
                .isEqualTo("%020d".formatted(entry.path("seq").asLong()));
        assertThat(value.path("time")).isEqualTo(entry.path("created_at"));
        assertThat(value.path("id")).isEqualTo(entry.path("id"));
        assertThat(value.path("tenantid").asText())
                .isEqualTo(entry.path("tenant_id").asText(""));
    }
}
