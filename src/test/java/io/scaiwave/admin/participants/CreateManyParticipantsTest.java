package io.scaiwave.admin.participants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** createModelParticipant many times at once: repeats of an Idempotency-Key, and the limit of a tenant. */
class CreateManyParticipantsTest {
    private static final String CREATE = "/v1/admin/participants/model";
    private static final String LIST = "/v1/admin/participants";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final int PLACES = 9;

    private final TestServer server = TestServer.shared();
    private final TestServer.Partner partner = server.newPartner();
    private final TestServer.Tenant tenant =
            partner.newTenant(", \"limits\": {\"max_participants\": %d}".formatted(PLACES));
    private final String key = TestServer.unique("key");

    private static String body(String localId) {
        return "{\"model\": \"scailar-pro\", \"local_id\": \"%s\", \"display_name\": \"P\"}".formatted(localId);
    }

    private JsonNode list() {
        return tenant.admin.get(LIST).expect(200).body();
    }

    private void hasMade(int count) {
        assertThat(list().path("data")).hasSize(count);
        assertThat(list().at("/meta/total").asInt()).isEqualTo(count);
        assertThat(tenant.auditCount()).isEqualTo(count);
    }

    @Test
    void post_neverExceedsMaxParticipantsHoweverParallel() {
        List<Api.Reply> replies = Parallel.many(i -> tenant.admin.post(CREATE, body("p" + i)));
        assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(PLACES);
        replies.stream()
                .filter(reply -> reply.status() != 201)
                .forEach(reply -> reply.expect(409, "SW_TENANT_CAPACITY"));
        hasMade(PLACES);
        tenant.admin.post(CREATE + "?dry_run=true", body("more")).expect(409, "SW_TENANT_CAPACITY");
        Api keyed = tenant.admin.with(IDEMPOTENCY_KEY, key);
        keyed.post(CREATE, body("more")).expect(409, "SW_TENANT_CAPACITY");
        hasMade(PLACES);
    }

    @Test
    void post_ofOneLocalIdMakesOneHoweverParallel() {
        List<Api.Reply> replies = Parallel.many(i -> tenant.admin.post(CREATE, body("same")));
        assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(1);
        replies.stream()
                .filter(reply -> reply.status() != 201)
                .forEach(reply -> reply.expect(409, "SW_PARTICIPANT_LOCAL_ID_TAKEN"));
        hasMade(1);
    }

    @Test
    void post_refusedTakesNoPlace() {
        tenant.admin.post(CREATE, body("p")).expect(201);
        for (int i = 0; i < PLACES; i++) {
            tenant.admin.post(CREATE, body("p")).expect(409, "SW_PARTICIPANT_LOCAL_ID_TAKEN");
            tenant.admin.post(CREATE + "?dry_run=true", body("q" + i)).expect(201);
        }
        Parallel.calls(PLACES - 1, i -> tenant.admin
                .with(IDEMPOTENCY_KEY, key + i)
                .post(CREATE, body("q" + i))
                .expect(201));
        hasMade(PLACES);
    }

    @Test
    void post_repeatedWithItsKeyMakesOne() {
        Api sender = tenant.admin.with(IDEMPOTENCY_KEY, key);
        List<Api.Reply> replies = Parallel.many(i -> sender.post(CREATE, body("p")));
        replies.forEach(reply -> reply.expect(201));
        assertThat(replies.stream().map(Api.Reply::body).distinct()).hasSize(1);
        hasMade(1);
        assertThat(list().at("/data/0")).isEqualTo(replies.get(0).data());
        String reordered = "{ \"display_name\": \"P\", \"local_id\": \"p\",\n \"model\": \"scailar-pro\" }";
        assertThat(sender.post(CREATE, reordered).expect(201).body())
                .isEqualTo(replies.get(0).body());
        hasMade(1);
    }

    @Test
    void post_refusesAUsedKeyWithAnotherBody() {
        Api sender = tenant.admin.with(IDEMPOTENCY_KEY, key);
        sender.post(CREATE, body("p")).expect(201);
        Api.Reply reply = sender.post(CREATE, body("q")).expect(409, "SW_IDEMPOTENCY_KEY_REUSED");
        assertThat(reply.fields()).containsExactly(IDEMPOTENCY_KEY);
        hasMade(1);
    }

    @Test
    void post_thatWasRefusedLeavesItsKeyFree() {
        tenant.admin.post(CREATE, body("taken")).expect(201);
        Api sender = tenant.admin.with(IDEMPOTENCY_KEY, key);
        sender.post(CREATE, body("taken")).expect(409, "SW_PARTICIPANT_LOCAL_ID_TAKEN");
        sender.post(CREATE, body("p").replace("scailar-pro", "acme/nope")).expect(404, "SW_MODEL_NOT_FOUND");
        sender.post(CREATE, body("p")).expect(201);
        hasMade(2);
    }

    @ParameterizedTest
    @CsvSource({"tenant", "partner"})
    void post_withAKeyUsedInAnotherTenantMakesOneInThis(String who) {
        TestServer.Tenant other = partner.newTenant("");
        Api here = who.equals("tenant") ? tenant.admin : partner.admin.with("X-Tenant-Id", tenant.id);
        Api there = who.equals("tenant") ? other.admin : partner.admin.with("X-Tenant-Id", other.id);
        String first = id(there.with(IDEMPOTENCY_KEY, key).post(CREATE, body("p")));
        String second = id(here.with(IDEMPOTENCY_KEY, key).post(CREATE, body("p")));
        assertThat(second).isNotEqualTo(first);
        assertThat(list().at("/data/0/id").asText()).isEqualTo(second);
        hasMade(1);
        assertThat(id(there.with(IDEMPOTENCY_KEY, key).post(CREATE, body("p")))).isEqualTo(first);
    }

    private static String id(Api.Reply reply) {
        return reply.expect(201).data().path("id").asText();
    }

    @Test
    void post_ofManyOfOneModelConfiguresExactlyOne() {
        Set<String> made = Parallel.calls(
                        PLACES,
                        i -> id(tenant.admin.with(IDEMPOTENCY_KEY, key + i).post(CREATE, body("p" + i))))
                .stream()
                .collect(Collectors.toSet());
        assertThat(made).hasSize(PLACES);
        String configured = tenant.admin
                .put("/v1/admin/models/scailar-pro/participant", "{\"display_name\": \"Configured\"}")
                .expect(200)
                .data()
                .path("id")
                .asText();
        assertThat(made).contains(configured);
        assertThat(tenant.admin
                        .get("/v1/admin/models/catalog?q=scailar-pro")
                        .expect(200)
                        .data()
                        .at("/0/participant_id")
                        .asText())
                .isEqualTo(configured);
    }
}
