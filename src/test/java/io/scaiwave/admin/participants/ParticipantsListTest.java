package io.scaiwave.admin.participants;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantRefusals;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** listParticipants, of members that were made through the API and of such as the platform reports. */
class ParticipantsListTest {
    private static final String PARTICIPANTS = "/v1/admin/participants";
    private static final String JOIN = """
            INSERT INTO participants (id, tenant_id, local_id, server_name, display_name, avatar_url, participant_type, present)
            VALUES (?, ?::uuid, ?, 'elsewhere.example', ?, ?, ?, ?)""";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();

    @BeforeEach
    void makeMembers() {
        join("maya", "Maya Lindqvist", "human", true);
        join("bo", "Bo \u00c5kesson", "human", true);
        join("gone", "Gone Human", "human", false);
        join("sorter", "Sorts mail 100%", "agent", true);
        join("help_desk", "Help", "helper", true);
        join("irc", "IRC", "bridge", true);
        join("remote", "Remote Maya", "federated", true);
        tenant.admin.post("/v1/admin/models/scailar-pro/enable").expect(200);
        create("zoe", "scailar-pro");
        create("code-helper", "scailar-mini");
        join(server.newTenant(), "stranger", "Maya Stranger", "human", true);
    }

    private void join(String localId, String name, String type, boolean present) {
        join(tenant, localId, name, type, present);
    }

    private void join(TestServer.Tenant where, String localId, String name, String type, boolean present) {
        String id = UUID.randomUUID().toString();
        String avatar = localId.equals("maya") ? "https://example.org/maya.png" : null;
        Sql.change(server, JOIN, id, where.id, localId, name, avatar, type, present);
    }

    private void create(String localId, String model) {
        tenant.admin
                .post(
                        PARTICIPANTS + "/model",
                        "{\"model\": \"%s\", \"local_id\": \"%s\", \"display_name\": \"AI\"}".formatted(model, localId))
                .expect(201);
    }

    private Api.Reply list(String query) {
        return tenant.admin.get(PARTICIPANTS + query).expect(200);
    }

    @Test
    void list_isEmptyForANewTenant() {
        Api.Reply reply = tenant.partner.newTenant("").admin.get(PARTICIPANTS).expect(200);
        assertThat(reply.data()).isEmpty();
        assertThat(reply.meta()).isEqualTo(TenantLog.json("{\"total\": 0, \"limit\": 50, \"offset\": 0}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "''|8|bo code-helper help_desk irc maya remote sorter zoe",
                "?participant_type=human|2|bo maya",
                "?participant_type=model|2|code-helper zoe",
                "?participant_type=agent|1|sorter",
                "?participant_type=helper|1|help_desk",
                "?participant_type=bridge|1|irc",
                "?participant_type=federated|1|remote",
                "?q=MAYA|2|maya remote",
                "?q=elp|2|code-helper help_desk",
                "?q=%C3%A5kes|1|bo",
                "?q=_|1|help_desk",
                "?q=%25|1|sorter",
                "?q=%5C|0|none",
                "?q=gone|0|none",
                "?q=stranger|0|none",
                "?q=maya&participant_type=federated|1|remote",
                "?q=maya&participant_type=model|0|none",
                "?limit=3|8|bo code-helper help_desk",
                "?limit=3&offset=3|8|irc maya remote",
                "?limit=3&offset=6|8|sorter zoe",
                "?offset=8|8|none",
                "?offset=1000000&limit=200|8|none",
                "?participant_type=human&limit=1|2|bo",
                "?participant_type=human&limit=1&offset=1|2|maya",
                "?participant_type=human&offset=2|2|none",
                "?q=maya&limit=1&offset=1|2|remote",
                "?q=maya&offset=5|2|none"
            })
    void list_filtersAndPages(String query, int total, String localIds) {
        Api.Reply reply = list(query);
        assertThat(reply.data().findValuesAsText("local_id"))
                .isEqualTo(localIds == null ? List.of() : List.of(localIds.split(" ")));
        assertThat(reply.meta().path("total").asInt()).isEqualTo(total);
    }

    @Test
    void list_namesTheLimitAndOffsetItUsed() {
        assertThat(list("?limit=2&offset=7").meta())
                .isEqualTo(TenantLog.json("{\"total\": 8, \"limit\": 2, \"offset\": 7}"));
    }

    @Test
    void list_showsWhatEachTypeHas() {
        Api.Reply human = list("?q=lindqvist");
        assertThat(human.data().get(0)).isEqualTo(TenantLog.json("""
                {"id": "%s", "local_id": "maya", "server_name": "elsewhere.example", "fqid": "@maya:elsewhere.example",
                 "display_name": "Maya Lindqvist", "avatar_url": "https://example.org/maya.png",
                 "participant_type": "human"}""".formatted(
                        human.data().get(0).path("id").asText())));
        Api.Reply models = list("?participant_type=model");
        assertThat(models.data().findValuesAsText("model")).containsExactly("scailar-mini", "scailar-pro");
        assertThat(models.data().findValuesAsText("enabled")).containsExactly("false", "true");
        assertThat(models.data().findValuesAsText("fqid")).containsExactly("@code-helper:localhost", "@zoe:localhost");
        tenant.admin.post("/v1/admin/models/scailar-pro/disable").expect(200);
        assertThat(list("?participant_type=model").data().findValuesAsText("enabled"))
                .containsExactly("false", "false");
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=201, limit",
        "offset=-1, offset",
        "offset=1000001, offset",
        "participant_type=robot, participant_type",
        "participant_type=, participant_type",
        "q=, q",
        "q=%00, q",
        "type=human, type"
    })
    void list_refusesAWrongParameter(String query, String field) {
        assertThat(tenant.admin
                        .get(PARTICIPANTS + "?" + query)
                        .expect(422, "SW_VALIDATION_FAILED")
                        .fields())
                .containsOnly(field);
    }

    @Test
    void list_takesAQUpToItsMost() {
        assertThat(list("?q=" + "x".repeat(100)).data()).isEmpty();
        tenant.admin.get(PARTICIPANTS + "?q=" + "x".repeat(101)).expect(422, "SW_VALIDATION_FAILED");
    }

    @Test
    void list_refusesWhoMayNot() {
        TenantRefusals.check(server, tenant, "GET", PARTICIPANTS, null);
    }

    @Test
    void list_isReadByThePartnersAdminToo() {
        Api partner = tenant.partner.admin.with("X-Tenant-Id", tenant.id);
        assertThat(partner.get(PARTICIPANTS).expect(200).body()).isEqualTo(list("").body());
    }
}
