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

    static TestServer.Tenant tenant;
    static Api partnerAdmin;
    private static List<JsonNode> settingsBefore;
    private static List<JsonNode> listsBefore;
    private static int entriesBefore;

    @BeforeAll
    static void makeTenant() {
        tenant = SERVER.newTenant();
        partnerAdmin = tenant.partner.admin.with("X-Tenant-Id", tenant.id);
        tenant.admin
                .put("/v1/admin/ai-config", "{\"enabled_models\": [\"scailar-pro\"]}")
                .expect(200);
        tenant.admin.post("/v1/admin/plugins/scaiwave.files/enable").expect(200);
        settingsBefore = state("header", "If-None-Match");
        listsBefore = state("query", "offset");
        entriesBefore = entries();
    }

    /** What the resources are like that are read with this parameter. */
    private static List<JsonNode> state(String in, String parameter) {
        List<JsonNode> state = Op.all()
                .filter(op -> op.contract().reads() && op.contract().takes(in, parameter))
                .map(op -> send(op, "", null).expect(200).data())
                .toList();
        assertThat(state).hasSizeGreaterThan(1);
        return state;
    }

    static Api.Reply send(Op op, String query, String body) {
        return send(partnerAdmin, op, query, body);
    }

    static Api.Reply send(Api api, Op op, String query, String body) {
        return api.send(op.method(), op.path(tenant) + query, body);
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
        assertThat(state("header", "If-None-Match")).isEqualTo(settingsBefore);
    }

    @AfterAll
    static void nothingIsOnRecord() {
        assertThat(state("query", "offset")).isEqualTo(listsBefore);
        assertThat(entries()).isEqualTo(entriesBefore);
    }

    static Stream<Op> operations() {
        return Op.all();
    }

    static Stream<Op> withBody() {
        return Op.all().filter(Op::hasBody);
    }

    static Stream<Op> withoutBody() {
        return Op.all().filter(op -> !op.hasBody());
    }

    static void refused(Api.Reply reply, String... fields) {
        assertThat(reply.expect(422, "SW_VALIDATION_FAILED").fields()).containsExactlyInAnyOrder(fields);
    }

    static String headers() {
        String token = SERVER.platform()
                .scaiKey()
                .es256Token(Map.of("sub", "p", "role", "partner_admin", "partner_id", tenant.partner.scaiKeyId));
        return "Authorization: Bearer " + token + "\r\nX-Tenant-Id: " + tenant.id + "\r\n";
    }
}
