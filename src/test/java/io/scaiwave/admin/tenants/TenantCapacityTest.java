package io.scaiwave.admin.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Creating many at once: the limit of a partner, and the repeats of an Idempotency-Key. */
class TenantCapacityTest {
    private static final String TENANTS = "/v1/admin/tenants";
    private static final String PARTNERS = "/v1/admin/partners";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String REPLAYED = "Idempotent-Replayed";
    private static final int PLACES = 10;

    private final TestServer server = TestServer.shared();
    private final TestServer.Partner partner = server.newPartner(",\"max_tenants\":" + PLACES);
    private final String key = TestServer.unique("key");

    private static String body() {
        String slug = TestServer.unique("made");
        return "{\"slug\":\"%s\",\"name\":\"Made\",\"scaikey_tenant_id\":\"%s\"}".formatted(slug, slug);
    }

    private long tenantCount() {
        return partner.admin
                .get(PARTNERS + "/" + partner.id)
                .expect(200)
                .data()
                .path("tenant_count")
                .asLong();
    }

    private void setMaxTenants(long max) {
        server.superAdmin()
                .put(PARTNERS + "/" + partner.id, "{\"max_tenants\":%d}".formatted(max))
                .expect(200);
    }

    @Test
    void post_neverExceedsMaxTenantsHoweverParallel() {
        List<Api.Reply> replies = Parallel.many(i -> partner.admin.post(TENANTS, body()));
        assertThat(replies.stream().filter(reply -> reply.status() == 201)).hasSize(PLACES);
        replies.stream()
                .filter(reply -> reply.status() != 201)
                .forEach(reply -> reply.expect(409, "SW_TENANT_CAPACITY"));
        assertThat(tenantCount()).isEqualTo(PLACES);
        assertThat(partner.entries("action=tenant.create")).hasSize(PLACES);
        partner.admin.post(TENANTS + "?dry_run=true", body()).expect(409, "SW_TENANT_CAPACITY");
    }

    @Test
    void post_repeatedWithItsKeyMakesOneTenant() {
        Api sender = partner.admin.with(IDEMPOTENCY_KEY, key);
        String body = body();
        List<Api.Reply> replies = Parallel.many(i -> sender.post(TENANTS, body));
        replies.forEach(reply -> reply.expect(201));
        assertThat(replies.stream().map(Api.Reply::body).distinct()).hasSize(1);
        assertThat(tenantCount()).isEqualTo(1);
        assertThat(partner.entries("action=tenant.create")).hasSize(1);
        JsonNode later =
                sender.post(TENANTS, body.replace(",", " ,\n ")).expect(201).body();
        assertThat(later).isEqualTo(replies.get(0).body());
    }

    @Test
    void post_ofAPartnerRepeatedWithItsKeyMakesOnePartner() {
        Api sender = partner.admin.with(IDEMPOTENCY_KEY, key);
        String body = "{\"slug\":\"%s\",\"name\":\"Child\",\"max_tenants\":3}".formatted(TestServer.unique("child"));
        List<Api.Reply> replies = Parallel.many(i -> sender.post(PARTNERS, body));
        replies.forEach(reply -> reply.expect(201));
        assertThat(replies.stream().map(Api.Reply::body).distinct()).hasSize(1);
        assertThat(replies.stream().map(reply -> reply.header("ETag")).distinct())
                .hasSize(1)
                .doesNotContainNull();
        assertThat(partner.entries("action=partner.create&resource_id="
                        + replies.get(0).data().path("id").asText()))
                .hasSize(1);
        assertThat(partner.admin.get(PARTNERS).expect(200).meta().path("total").asInt())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {TENANTS, PARTNERS})
    void post_refusesAUsedKeyWithAnotherBody(String path) {
        Api sender = partner.admin.with(IDEMPOTENCY_KEY, key);
        String first = path.equals(TENANTS) ? body() : "{\"slug\":\"%s\",\"name\":\"n\"}".formatted(key);
        sender.post(path, first).expect(201);
        Api.Reply reply = sender.post(path, first.replace("\"name\":\"", "\"name\":\"Another "))
                .expect(409, "SW_IDEMPOTENCY_KEY_REUSED");
        assertThat(reply.fields()).containsExactly(IDEMPOTENCY_KEY);
        assertThat(partner.entries(
                        "action=" + (path.equals(TENANTS) ? "tenant" : "partner") + ".create&actor_id=partner-admin"))
                .hasSize(1);
    }

    @Test
    void post_takesAKeyForEachActorAndOperationAlone() {
        partner.admin.with(IDEMPOTENCY_KEY, key).post(TENANTS, body()).expect(201);
        partner.as(Map.of("sub", "another"))
                .with(IDEMPOTENCY_KEY, key)
                .post(TENANTS, body())
                .expect(201);
        partner.admin
                .with(IDEMPOTENCY_KEY, key)
                .post(PARTNERS, "{\"slug\":\"%s\",\"name\":\"n\"}".formatted(key))
                .expect(201);
        assertThat(tenantCount()).isEqualTo(2);
    }

    @Test
    void post_takesAKeyForEachReachOfOneActor() {
        TestServer.Partner other = server.newPartner();
        String body = body();
        Api.Reply made =
                partner.admin.with(IDEMPOTENCY_KEY, key).post(TENANTS, body).expect(201);
        other.admin.with(IDEMPOTENCY_KEY, key).post(TENANTS, body).expect(409, "SW_TENANT_SLUG_TAKEN");
        server.as(Map.of("sub", "partner-admin", "role", "super_admin"))
                .with(IDEMPOTENCY_KEY, key)
                .post(TENANTS, body)
                .expect(409, "SW_TENANT_SLUG_TAKEN");
        Api.Reply theirs =
                other.admin.with(IDEMPOTENCY_KEY, key).post(TENANTS, body()).expect(201);
        assertThat(theirs.data().path("partner_id").asText()).isEqualTo(other.id);
        assertThat(made.header(REPLAYED)).isNull();
        assertThat(theirs.header(REPLAYED)).isNull();
    }

    @Test
    void post_saysThatAReplyIsARepeat() {
        Api sender = partner.admin.with(IDEMPOTENCY_KEY, key);
        String tenant = body();
        String child = "{\"slug\":\"%s\",\"name\":\"n\"}".formatted(key);
        assertThat(sender.post(TENANTS, tenant).expect(201).header(REPLAYED)).isNull();
        assertThat(sender.post(TENANTS, tenant).expect(201).header(REPLAYED)).isEqualTo("true");
        Api.Reply made = sender.post(PARTNERS, child).expect(201);
        Api.Reply repeated = sender.post(PARTNERS, child).expect(201);
        assertThat(made.header(REPLAYED)).isNull();
        assertThat(repeated.header(REPLAYED)).isEqualTo("true");
        assertThat(repeated.header("ETag")).isEqualTo(made.header("ETag")).isNotNull();
    }

    private TestServer.Partner below(TestServer.Partner above, String extra) {
        return server.newPartner(",\"parent_partner_id\":\"%s\"%s".formatted(above.id, extra));
    }

    @Test
    void post_countsTheTenantsOfAllBelow() {
        setMaxTenants(3);
        TestServer.Partner child = below(partner, "");
        TestServer.Partner grandchild = below(child, ",\"max_tenants\":2");
        grandchild.admin.post(TENANTS, body()).expect(201);
        child.admin.post(TENANTS, body()).expect(201);
        grandchild.admin.post(TENANTS, body()).expect(201);
        for (TestServer.Partner each : List.of(partner, child, grandchild)) {
            each.admin.post(TENANTS, body()).expect(409, "SW_TENANT_CAPACITY");
            each.admin.post(TENANTS + "?dry_run=true", body()).expect(409, "SW_TENANT_CAPACITY");
        }
        Api.Reply before = partner.admin.get(PARTNERS + "/" + partner.id).expect(200);
        setMaxTenants(4);
        grandchild.admin.post(TENANTS, body()).expect(409, "SW_TENANT_CAPACITY");
        child.admin.post(TENANTS, body()).expect(201);
        partner.admin.post(TENANTS, body()).expect(409, "SW_TENANT_CAPACITY");
        assertThat(tenantCount()).as("its own").isZero();
        Api.Reply after = partner.admin.get(PARTNERS + "/" + partner.id).expect(200);
        assertThat(after.header("ETag")).startsWith("\"").isNotEqualTo(before.header("ETag"));
        setMaxTenants(2);
        partner.admin.post(TENANTS, body()).expect(409, "SW_TENANT_CAPACITY");
        child.admin.post(TENANTS, body()).expect(409, "SW_TENANT_CAPACITY");
    }

    @Test
    void post_belowMovesNoVersionOfThePartnersAbove() {
        TestServer.Partner child = below(partner, "");
        String above = PARTNERS + "/" + partner.id;
        Api.Reply before = partner.admin.get(above).expect(200);
        child.admin.post(TENANTS, body()).expect(201);
        Api.Reply after = partner.admin.get(above).expect(200);
        assertThat(after.body()).isEqualTo(before.body());
        assertThat(after.header("ETag")).isEqualTo(before.header("ETag"));
    }

    @Test
    void post_neverExceedsAMaxTenantsAboveHoweverParallel() {
        List<TestServer.Partner> tree = new ArrayList<>(List.of(partner));
        for (int i = 0; i < 6; i++) {
            tree.add(below(tree.get(i / 2), ""));
        }
        List<Api.Reply> replies =
                Parallel.many(i -> tree.get(i % tree.size()).admin.post(TENANTS, body()));
        assertThat(replies.stream().filter(reply -> reply.status() == 201)).hasSize(PLACES);
        replies.stream()
                .filter(reply -> reply.status() != 201)
                .forEach(reply -> reply.expect(409, "SW_TENANT_CAPACITY"));
        assertThat(partner.entries("action=tenant.create")).hasSize(PLACES);
    }

    @Test
    void post_thatWasRefusedLeavesItsKeyFree() {
        Api sender = partner.admin.with(IDEMPOTENCY_KEY, key);
        setMaxTenants(0);
        sender.post(TENANTS, body()).expect(409, "SW_TENANT_CAPACITY");
        setMaxTenants(1);
        sender.post(TENANTS, body()).expect(201);
        assertThat(tenantCount()).isEqualTo(1);
    }

    @Test
    void post_refusesAMalformedKey() {
        for (String malformed : List.of("", "two words", "k".repeat(256))) {
            Api.Reply reply = partner.admin.with(IDEMPOTENCY_KEY, malformed).post(TENANTS, body());
            assertThat(reply.expect(422, "SW_VALIDATION_FAILED").fields()).containsOnly(IDEMPOTENCY_KEY);
        }
        partner.admin
                .with(IDEMPOTENCY_KEY, key + "k".repeat(255 - key.length()))
                .post(TENANTS, body())
                .expect(201);
        assertThat(tenantCount()).isEqualTo(1);
    }

    @Test
    void post_isRefusedAboveALoweredMaxTenants() {
        partner.admin.post(TENANTS, body()).expect(201);
        partner.admin.post(TENANTS, body()).expect(201);
        setMaxTenants(1);
        partner.admin.post(TENANTS, body()).expect(409, "SW_TENANT_CAPACITY");
        assertThat(tenantCount()).isEqualTo(2);
    }
}
