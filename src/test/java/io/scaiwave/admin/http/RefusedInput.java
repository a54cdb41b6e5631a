package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** A good request for each operation, and the check that what was refused has changed nothing. */
abstract class RefusedInput {
    static final TestServer SERVER = TestServer.shared();

    private static final Op[] SETTINGS = {Op.getAiConfig, Op.getPromptStudio, Op.getNoteProcessing, Op.getPartner};
    private static final Op[] LISTS = {Op.listModels, Op.listPlugins, Op.listParticipants, Op.listPartners};

    static TestServer.Tenant tenant;
    static Api partnerAdmin;
    private static List<JsonNode> settingsBefore;
    private static List<JsonNode> listsBefore;
    private static int entriesBefore;

    /** The operations of the contract, with a body and a query parameter that each would take. */
    enum Op {
        getAiConfig("GET", "/v1/admin/ai-config", null, null),
        updateAiConfig("PUT", "/v1/admin/ai-config", "{\"default_model\": \"scailar-pro\"}", "dry_run=true"),
        listModels("GET", "/v1/admin/models/catalog", null, "limit=1"),
        enableModel("POST", "/v1/admin/models/acme/enable/enable", null, "dry_run=true"),
        disableModel("POST", "/v1/admin/models/scailar-pro/disable", null, "dry_run=true"),
        configureModelParticipant(
                "PUT",
                "/v1/admin/models/scailar-pro/participant",
                "{\"local_id\": \"new\", \"display_name\": \"New\"}",
                "dry_run=true"),
        createTenant(
                "POST",
                "/v1/admin/tenants",
                "{\"slug\": \"bad-input\", \"name\": \"New\", \"scaikey_tenant_id\": \"bad-input\"}",
                "dry_run=true"),
        listPartners("GET", "/v1/admin/partners", null, "limit=1"),
        createPartner("POST", "/v1/admin/partners", "{\"slug\": \"bad-input\", \"name\": \"New\"}", "dry_run=true"),
        getPartner("GET", "/v1/admin/partners/{partner_id}", null, null),
        updatePartner("PUT", "/v1/admin/partners/{partner_id}", "{\"name\": \"Changed\"}", "dry_run=true"),
        getPromptStudio("GET", "/v1/admin/prompt-studio", null, null),
        updatePromptStudio("PUT", "/v1/admin/prompt-studio", "{\"enabled\": true}", "dry_run=true"),
        getNoteProcessing("GET", "/v1/admin/note-processing", null, null),
        updateNoteProcessing("PUT", "/v1/admin/note-processing", "{\"model\": \"scailar-pro\"}", "dry_run=true"),
        listPlugins("GET", "/v1/admin/plugins", null, "limit=1"),
        enablePlugin("POST", "/v1/admin/plugins/scaiwave.web/enable", null, "dry_run=true"),
        disablePlugin("POST", "/v1/admin/plugins/scaiwave.files/disable", null, "dry_run=true"),
        listParticipants("GET", "/v1/admin/participants", null, "limit=1"),
        createModelParticipant(
                "POST",
                "/v1/admin/participants/model",
                "{\"model\": \"scailar-pro\", \"local_id\": \"new\", \"display_name\": \"New\"}",
                "dry_run=true"),
        getStats("GET", "/v1/admin/stats", null, null),
        listAudit("GET", "/v1/admin/audit", null, "limit=1");

        final String method;
        final String path;
        final String body;
        final String parameter;

        Op(String method, String path, String body, String parameter) {
            this.method = method;
            this.path = path;
            this.body = body;
            this.parameter = parameter;
        }

        Api.Reply send(Api api, String query, String sent) {
            return api.send(method, target() + query, sent);
        }

        /** The path, with the partner in it. */
        String target() {
            return path.replace("{partner_id}", tenant.partner.id);
        }

        Api.Reply send(String query, String sent) {
            return send(partnerAdmin, query, sent);
        }

        /** The good body with one more member, or with another value for one that it has. */
        String bodyWith(String name, String json) {
            String others = body.replaceAll("[{,] ?\"" + name + "\": (\"[^\"]*\"|true)", "")
                    .replaceFirst("^[{, ]*", "")
                    .replace("}", "");
            return "{\"" + name + "\": " + json + (others.isEmpty() ? "" : ", " + others) + "}";
        }
    }

    @BeforeAll
    static void makeTenant() {
        tenant = SERVER.newTenant();
        partnerAdmin = tenant.partner.admin.with("X-Tenant-Id", tenant.id);
        tenant.admin
                .put("/v1/admin/ai-config", "{\"enabled_models\": [\"scailar-pro\"]}")
                .expect(200);
        tenant.admin.post("/v1/admin/plugins/scaiwave.files/enable").expect(200);
        settingsBefore = state(SETTINGS);
        listsBefore = state(LISTS);
        entriesBefore = entries();
    }

    private static List<JsonNode> state(Op... reads) {
        return Stream.of(reads).map(op -> op.send("", null).expect(200).data()).toList();
    }

    /** Those of the tenant and of its partner, so that a new tenant would count too. */
    private static int entries() {
        SERVER.settle();
        return tenant.partner
                .admin
                .get("/v1/admin/audit?limit=1000")
                .expect(200)
                .data()
                .size();
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(state(SETTINGS)).isEqualTo(settingsBefore);
    }

    @AfterAll
    static void nothingIsOnRecord() {
        assertThat(state(LISTS)).isEqualTo(listsBefore);
        assertThat(entries()).isEqualTo(entriesBefore);
    }

    static Stream<Op> withBody() {
        return Stream.of(Op.values()).filter(op -> op.body != null);
    }

    static Stream<Op> withoutBody() {
        return Stream.of(Op.values()).filter(op -> op.body == null);
    }

    static void refused(Api.Reply reply, String... fields) {
        assertThat(reply.expect(422, "SW_VALIDATION_FAILED").fields()).containsExactlyInAnyOrder(fields);
    }

    static String headers() {
        String token = SERVER.platform()
                .scaiKey()
                .token(Map.of("sub", "p", "role", "partner_admin", "partner_id", tenant.partner.scaiKeyId));
        return "Authorization: Bearer " + token + "\r\nX-Tenant-Id: " + tenant.id + "\r\n";
    }
}
