package io.scaiwave.admin.participants;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.local.LocalScaiGrid;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Creating many at once, and the limit of a tenant. */
class ParticipantCapacityTest {
    private static final String MODELS = "/v1/admin/models/";
    private static final String MODEL = "mistralai/voxtral-small-latest";
    private static final String HELPER = "{\"local_id\": \"helper\", \"display_name\": \"Helper\"}";
    private static final int PLACES = 7;

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();

    private static String participant(String slug) {
        return MODELS + slug + "/participant";
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", \"limits\": {\"max_participants\": 1}"})
    void put_ofOneModelMakesOneParticipantHoweverParallel(String limits) {
        TestServer.Tenant fresh = tenant.partner.newTenant(limits);
        List<Api.Reply> replies = Parallel.many(i -> fresh.admin.put(participant(MODEL), HELPER));
        assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(1);
        replies.stream().filter(reply -> reply.status() != 201).forEach(reply -> reply.expect(200));
        assertThat(replies)
                .extracting(reply -> reply.data().path("id"))
                .containsOnly(replies.get(0).data().path("id"));
        assertThat(fresh.auditCount()).isEqualTo(1);
    }

    @Test
    void put_neverExceedsMaxParticipantsHoweverParallel() {
        LocalScaiGrid scaiGrid = server.platform().scaiGrid();
        List<LocalScaiGrid.Model> offered = scaiGrid.models();
        List<LocalScaiGrid.Model> more = new ArrayList<>(offered);
        for (int i = 0; i < Parallel.MANY; i++) {
            more.add(new LocalScaiGrid.Model("many/" + i, "Many", "chat", null, null, "active", null));
        }
        TestServer.Tenant small =
                tenant.partner.newTenant(", \"limits\": {\"max_participants\": %d}".formatted(PLACES));
        scaiGrid.setModels(more);
        try {
            List<Api.Reply> replies = Parallel.many(
                    i -> small.admin.put(participant("many/" + i), HELPER.replace("helper", "helper-" + i)));
            assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(PLACES);
            replies.stream()
                    .filter(reply -> reply.status() != 201)
                    .forEach(reply -> reply.expect(409, "SW_TENANT_CAPACITY"));
        } finally {
            scaiGrid.setModels(offered);
        }
        assertThat(Sql.texts(server, "SELECT id FROM participants WHERE tenant_id = ?::uuid", small.id))
                .hasSize(PLACES);
        assertThat(small.auditCount()).isEqualTo(PLACES);
    }

    @Test
    void put_refusedForAnotherReasonTakesNoPlace() {
        TestServer.Tenant small = tenant.partner.newTenant(", \"limits\": {\"max_participants\": 2}");
        small.admin.put(participant(MODEL), HELPER).expect(201);
        small.admin.put(participant("scailar-pro"), HELPER).expect(409, "SW_PARTICIPANT_LOCAL_ID_TAKEN");
        small.admin
                .put(participant("scailar-pro") + "?dry_run=true", HELPER.replace("helper", "a"))
                .expect(201);
        small.admin
                .put(participant("scailar-pro"), HELPER.replace("helper", "a"))
                .expect(201);
        String third = HELPER.replace("helper", "b");
        small.admin.put(participant("scailar-mini"), third).expect(409, "SW_TENANT_CAPACITY");
        small.admin.put(participant("scailar-mini") + "?dry_run=true", third).expect(409, "SW_TENANT_CAPACITY");
        small.admin
                .put(participant(MODEL), "{\"display_name\": \"Full, but here\"}")
                .expect(200);
    }
}
