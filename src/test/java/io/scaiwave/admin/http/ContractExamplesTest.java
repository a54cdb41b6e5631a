package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of openapi.yaml are sent to the server, and what it says is what they show. */
class ContractExamplesTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode ROOT = root();
    private static final String AI_CONFIG = "/v1/admin/ai-config";
    private static final String PARTNERS = "/v1/admin/partners";
    private static final String TENANTS = "/v1/admin/tenants";
    private static final String PARTICIPANTS = "/v1/admin/participants/model";
    private static final String PLUGIN = "/v1/admin/plugins/scaiwave.calendar/enable";
    private static final String TENANT_ID = "X-Tenant-Id";
    private static final String CONFIGURED = "claude-sonnet-4-6";
    private static final String SCRIBE =
            "{\"model\": \"claude-sonnet-4-6\", \"local_id\": \"scribe\", \"display_name\": \"Writer\"}";

    private static TestServer.Tenant tenant;
    private static TestServer.Tenant full;

    private static JsonNode root() {
        try {
            return JSON.readTree(Contract.load().json());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    static void makeTenants() {
        tenant = SERVER.newTenant();
        enableModels(tenant.admin);
        tenant.admin.post(PARTICIPANTS, SCRIBE).expect(201);
        full = SERVER.newPartner(", \"max_tenants\": 1").newTenant(", \"limits\": {\"max_participants\": 0}");
    }

    private static void enableModels(Api admin) {
        admin.put(AI_CONFIG, "{\"enabled_models\": [\"%s\", \"acme/enable\"]}".formatted(CONFIGURED))
                .expect(200);
    }

    static Stream<Arguments> requests() {
        return Op.all().filter(Op::hasBody).flatMap(op -> op.examples().map(name -> Arguments.of(op, name)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void request_isAnsweredAsShown(Op op, String name) {
        TestServer.Tenant here = SERVER.newTenant();
        enableModels(here.admin);
        ObjectNode body = op.example(name);
        Stream.of("partner_id", "parent_partner_id")
                .filter(body::has)
                .forEach(parent -> body.put(parent, here.partner.id));
        if (op.id().equals("configureModelParticipant") && !body.has("local_id")) {
            here.admin.post(PARTICIPANTS, SCRIBE).expect(201);
        }
        Api api = op.contract().takes("header", TENANT_ID) ? here.admin : SERVER.superAdmin();
        String path = op.path(here, Map.of("slug", CONFIGURED));

        Api.Reply tried = api.send(op.method(), path + "?dry_run=true", body.toString());
        isAsShown(op, name, body, tried);
        assertThat(tried.header("Location")).as("on a dry run").isNull();

        // Other tests send these too, and such names are taken once for all tenants.
        Stream.of("slug", "scaikey_tenant_id", "scaikey_partner_id")
                .filter(body::has)
                .forEach(taken -> body.put(taken, unique()));
        isAsShown(op, name, body, api.send(op.method(), path, body.toString()));
    }

    private static void isAsShown(Op op, String name, ObjectNode body, Api.Reply reply) {
        assertThat(reply.status())
                .as(reply.text())
                .isEqualTo(op.statusShown(name).orElseThrow());
        ExamplePairs.belong(body, reply.data(), op + " " + name);
        assertThat(names(reply.data())).containsExactlyElementsOf(names(op.dataShown(name)));
    }

    private static List<String> names(JsonNode data) {
        return data.propertyStream().map(Map.Entry::getKey).toList();
    }

    static Stream<Op> shownFresh() {
        return Op.all().filter(op -> op.statusShown("fresh").isPresent());
    }

    @ParameterizedTest
    @MethodSource("shownFresh")
    void fresh_isWhatANewTenantHas(Op op) {
        TestServer.Tenant fresh = SERVER.newTenant();
        ObjectNode shown = (ObjectNode) op.dataShown("fresh");
        ObjectNode data =
                (ObjectNode) fresh.admin.get(op.path(fresh)).expect(200).data();
        assertThat(untimed(data)).isEqualTo(untimed(shown));
    }

    private static ObjectNode untimed(ObjectNode data) {
        ObjectNode copy = data.deepCopy().without(List.of("updated_at", "as_of"));
        if (copy.path("ai_usage") instanceof ObjectNode usage) {
            usage.remove("period");
        }
        return copy;
    }

    private static Api stranger() {
        return tenant.as(Map.of("sub", "stranger"));
    }

    private static Api elsewhere() {
        return SERVER.newPartner().admin.with(TENANT_ID, tenant.id);
    }

    private static Api nowhere() {
        return SERVER.superAdmin().with(TENANT_ID, UUID.randomUUID().toString());
    }

    private static Api keyed() {
        return tenant.partner.admin.with("Idempotency-Key", TestServer.unique("key"));
    }

    private static Api.Reply keyAgain(Api api, String path, String first, String second) {
        api.post(path, first).expect(201);
        return api.post(path, second);
    }

    private static String tenantBody(String slug, String scaiKeyId) {
        return "{\"slug\": \"%s\", \"name\": \"x\", \"scaikey_tenant_id\": \"%s\"}".formatted(slug, scaiKeyId);
    }

    private static String partnerBody(String slug, String more) {
        return "{\"slug\": \"%s\", \"name\": \"x\"%s}".formatted(slug, more);
    }

    private static String unique() {
        return TestServer.unique("example");
    }

    private static String participant(String localId) {
        return SCRIBE.replace("\"scribe\"", '"' + localId + '"');
    }

    /** By response and example, a request that must be refused in just these words. */
    private static Map<String, Supplier<Api.Reply>> refusals() {
        Map<String, Supplier<Api.Reply>> all = new LinkedHashMap<>();
        ofTheRequest(all);
        ofTheCaller(all);
        ofWhatIsNotThere(all);
        ofWhatIsTaken(all);
        ofWhatIsFull(all);
        return all;
    }

    private static void ofTheRequest(Map<String, Supplier<Api.Reply>> all) {
        all.put("BadRequest/notJson", () -> SERVER.superAdmin().post(PARTNERS, "{"));
        all.put("TenantBadRequest/notJson", () -> tenant.admin.put(AI_CONFIG, "{"));
        all.put("TenantBadRequest/noTenant", () -> SERVER.superAdmin().get(AI_CONFIG));
        all.put(
                "PreconditionFailed/stale",
                () -> tenant.admin.with("If-Match", "\"0\"").put(AI_CONFIG, "{}"));
        all.put(
                "ContentTooLarge/large",
                () -> tenant.admin.put(AI_CONFIG, "{\"a\": \"" + "x".repeat(2_000_000) + "\"}"));
        all.put(
                "NotAcceptable/notAcceptable",
                () -> tenant.admin.with("Accept", "text/html").get("/v1/admin/audit"));
        all.put(
                "UnsupportedMediaType/media",
                () -> tenant.admin.with("Content-Type", "text/plain").put(AI_CONFIG, "{}"));
        all.put("ValidationFailed/field", () -> tenant.admin.put(AI_CONFIG, "{\"default_model\": \"scailar-mini\"}"));
        all.put("ValidationFailed/parameter", () -> tenant.admin.get("/v1/admin/plugins?limit=201"));
    }

    private static void ofTheCaller(Map<String, Supplier<Api.Reply>> all) {
        long past = Instant.now().getEpochSecond() - 3_600;
        all.put("Unauthorized/invalid", () -> SERVER.anonymous().get(AI_CONFIG));
        all.put("Unauthorized/expired", () -> tenant.as(Map.of("role", "tenant_admin", "exp", past))
                .get(AI_CONFIG));
        all.put("TenantForbidden/noAdmin", () -> stranger().get(AI_CONFIG));
        all.put("TenantForbidden/otherTenant", () -> elsewhere().get(AI_CONFIG));
        all.put("PluginForbidden/noAdmin", () -> stranger().post(PLUGIN));
        all.put("PluginForbidden/otherTenant", () -> elsewhere().post(PLUGIN));
        all.put("PluginForbidden/switchedOff", () -> {
            TestServer.Tenant other = SERVER.newTenant();
            SERVER.superAdmin()
                    .put(PARTNERS + "/" + other.partner.id, "{\"disabled_plugins\": [\"scaiwave.calendar\"]}")
                    .expect(200);
            return other.admin.post(PLUGIN);
        });
        all.put("FleetForbidden/noPartnerAdmin", () -> tenant.admin.get(PARTNERS));
    }

    private static void ofWhatIsNotThere(Map<String, Supplier<Api.Reply>> all) {
        all.put("TenantNotFound/tenant", () -> nowhere().get(AI_CONFIG));
        all.put("ModelNotFound/tenant", () -> nowhere().post("/v1/admin/models/scailar-pro/enable"));
        all.put("ModelNotFound/model", () -> tenant.admin.post("/v1/admin/models/mistralai/voxtral-tiny/enable"));
        all.put("PluginNotFound/tenant", () -> nowhere().post(PLUGIN));
        all.put("PluginNotFound/plugin", () -> tenant.admin.post("/v1/admin/plugins/acme.weather/enable"));
        all.put("PartnerNotFound/partner", () -> tenant.partner.admin.get(PARTNERS + "/" + UUID.randomUUID()));
    }

    private static void ofWhatIsTaken(Map<String, Supplier<Api.Reply>> all) {
        String other = "{\"local_id\": \"scribe\", \"display_name\": \"x\"}";
        all.put("ParticipantConflict/taken", () -> tenant.admin.put("/v1/admin/models/scailar-pro/participant", other));
        all.put("ModelParticipantConflict/taken", () -> tenant.admin.post(PARTICIPANTS, SCRIBE));
        all.put(
                "ModelParticipantConflict/key",
                () -> keyAgain(
                        tenant.admin.with("Idempotency-Key", unique()),
                        PARTICIPANTS,
                        participant(unique()),
                        participant(unique())));
        all.put(
                "TenantConflict/key",
                () -> keyAgain(keyed(), TENANTS, tenantBody(unique(), unique()), tenantBody(unique(), unique())));
        all.put("TenantConflict/slug", () -> {
            String taken = unique();
            tenant.partner.admin.post(TENANTS, tenantBody(taken, unique())).expect(201);
            return tenant.partner.admin.post(TENANTS, tenantBody(taken, unique()));
        });
        all.put(
                "TenantConflict/linked",
                () -> tenant.partner.admin.post(TENANTS, tenantBody(unique(), tenant.scaiKeyId)));
        all.put(
                "PartnerConflict/key",
                () -> keyAgain(keyed(), PARTNERS, partnerBody(unique(), ""), partnerBody(unique(), "")));
        String linked = ", \"scaikey_partner_id\": \"" + tenant.partner.scaiKeyId + '"';
        all.put("PartnerConflict/linked", () -> SERVER.superAdmin().post(PARTNERS, partnerBody(unique(), linked)));
        all.put("PartnerUpdateConflict/linked", () -> SERVER.superAdmin()
                .put(PARTNERS + "/" + SERVER.newPartner().id, partnerBody(unique(), linked)));
        all.put("PartnerConflict/slug", () -> SERVER.superAdmin().post(PARTNERS, partnerBody(takenPartner(), "")));
        all.put("PartnerUpdateConflict/slug", () -> SERVER.superAdmin()
                .put(PARTNERS + "/" + SERVER.newPartner().id, partnerBody(takenPartner(), "")));
    }

    private static String takenPartner() {
        return SERVER.superAdmin()
                .get(PARTNERS + "/" + tenant.partner.id)
                .data()
                .path("slug")
                .asText();
    }

    private static void ofWhatIsFull(Map<String, Supplier<Api.Reply>> all) {
        all.put(
                "ParticipantConflict/full",
                () -> full.admin.put(
                        "/v1/admin/models/scailar-pro/participant", "{\"local_id\": \"a\", \"display_name\": \"A\"}"));
        all.put("ModelParticipantConflict/full", () -> full.admin.post(PARTICIPANTS, SCRIBE));
        all.put("TenantConflict/full", () -> full.partner.admin.post(TENANTS, tenantBody(unique(), unique())));
    }

    static Stream<Arguments> shownRefusals() {
        return ROOT.at("/components/responses").propertyStream().flatMap(response -> response.getValue()
                .at("/content/application~1json/examples")
                .propertyStream()
                .map(example -> Arguments.of(
                        response.getKey() + "/" + example.getKey(),
                        example.getValue().at("/value/error"))));
    }

    @ParameterizedTest
    @MethodSource("shownRefusals")
    void refusal_isInTheWordsShown(String name, JsonNode shown) throws IOException {
        Supplier<Api.Reply> provoked = refusals().get(name);
        if (provoked == null) {
            assertThat(saysSomewhere(shown.path("message").asText())).as(name).isTrue();
            return;
        }
        ObjectNode said = (ObjectNode) provoked.get().body().path("error");
        said.set("request_id", shown.path("request_id"));
        assertThat(said).as(name).isEqualTo(shown);
    }

    /** Of a refusal that no request can provoke: whether its words are in the server, apart from what is put into them. */
    private static boolean saysSomewhere(String message) throws IOException {
        StringBuilder server = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                server.append(Files.readString(file));
            }
        }
        return Stream.of(message.split("\\d{4,}|(?<=: )")).allMatch(part -> server.indexOf(part) >= 0);
    }

    static Stream<Op> settings() {
        return Op.all().filter(op -> op.method().equals("PUT") && !op.id().equals("configureModelParticipant"));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void whatGetGaveMayBePutBack(Op put) {
        Api api = put.contract().takes("header", TENANT_ID) ? tenant.admin : SERVER.superAdmin();
        JsonNode given = api.get(put.path(tenant)).expect(200).data();
        assertThat(api.put(put.path(tenant), given.toString()).expect(200).data())
                .isEqualTo(given);
        ObjectNode changed = given.deepCopy();
        put.contract().body().readOnly().forEach(name -> changed.put(name, "\u0000 anything"));
        assertThat(api.put(put.path(tenant), changed.toString()).expect(200).data())
                .isEqualTo(given);
    }

    @Test
    void aParticipantMayBePutBackAsItIsListed() {
        JsonNode listed = tenant.admin
                .get("/v1/admin/participants?q=scribe")
                .expect(200)
                .data()
                .path(0);
        String path = "/v1/admin/models/claude-sonnet-4-6/participant";
        assertThat(tenant.admin.put(path, listed.toString()).expect(200).data()).isEqualTo(listed);
    }

    @Test
    void whatWasCreatedIsWhereLocationSays() {
        Api admin = tenant.partner.admin;
        Api.Reply partner = admin.post(PARTNERS, partnerBody(unique(), "")).expect(201);
        assertThat(admin.get(partner.header("Location")).expect(200).data()).isEqualTo(partner.data());

        Api.Reply created =
                tenant.admin.post(PARTICIPANTS, participant(unique())).expect(201);
        assertThat(tenant.admin.get(created.header("Location")).expect(200).data())
                .containsExactly(created.data());

        Api.Reply configured = tenant.admin
                .put(
                        "/v1/admin/models/mistralai/voxtral-small-latest/participant",
                        "{\"local_id\": \"voxtral\", \"display_name\": \"Voxtral\"}")
                .expect(201);
        assertThat(tenant.admin.get(configured.header("Location")).expect(200).data())
                .contains(configured.data());

        Api.Reply made = admin.post(TENANTS, tenantBody(unique(), unique())).expect(201);
        SERVER.settle();
        JsonNode entries = admin.get(made.header("Location")).expect(200).data();
        assertThat(entries.findValuesAsText("action")).containsExactly("tenant.create");
        assertThat(entries.findValuesAsText("resource_id"))
                .containsExactly(made.data().path("id").asText());
    }
}
