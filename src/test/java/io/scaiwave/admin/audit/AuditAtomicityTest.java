package io.scaiwave.admin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A change and its event are both there or neither is: no change without an event, and no event without a change. */
class AuditAtomicityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestServer server = TestServer.shared();

    private static String named(String name) {
        return "{\"system_prompt_templates\": [{\"name\": \"%s\", \"prompt\": \"p\"}]}".formatted(name);
    }

    private static JsonNode config(TestServer.Tenant tenant) {
        return tenant.admin.get("/v1/admin/ai-config").expect(200).data();
    }

    @Test
    void anEventThatTheOutboxRefuses_undoesItsChangeAndIsAnErrorToTheCaller() {
        TestServer.Tenant tenant = server.newTenant();
        JsonNode before = config(tenant);
        Sql.change(server, """
                CREATE FUNCTION refuse_event() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'no room for this event'; END $$""");
        Sql.change(server, """
                CREATE TRIGGER refuse_event BEFORE INSERT ON audit_outbox
                FOR EACH ROW WHEN (NEW.chain = 'tenant:%s') EXECUTE FUNCTION refuse_event()""".formatted(tenant.id));
        try {
            Api.Reply refused =
                    tenant.admin.put("/v1/admin/ai-config", named("lost")).expect(500);
            assertThat(refused.body().toString()).doesNotContain("room", "refuse_event");
            tenant.admin.post("/v1/admin/plugins/scaiwave.notes/enable").expect(500);
        } finally {
            Sql.change(server, "DROP TRIGGER refuse_event ON audit_outbox");
            Sql.change(server, "DROP FUNCTION refuse_event()");
        }
        assertThat(config(tenant)).isEqualTo(before);
        assertThat(Sql.texts(server, "SELECT plugin_id FROM plugin_states WHERE tenant_id = ?::uuid", tenant.id))
                .isEmpty();
        assertThat(tenant.auditCount()).isZero();
        tenant.admin.put("/v1/admin/ai-config", named("kept")).expect(200);
        assertThat(tenant.auditCount()).isEqualTo(1);
    }

    @Test
    void aChangeThatIsRolledBack_leavesNoEventInTheLogNorOnKafka() {
        TestServer.Tenant tenant = server.newTenant();
        JsonNode before = config(tenant);
        tenant.admin.put("/v1/admin/ai-config?dry_run=true", named("rehearsed")).expect(200);
        tenant.admin
                .put("/v1/admin/ai-config", "{\"default_model\": \"not-enabled\"}")
                .expect(422, "SW_VALIDATION_FAILED");
        tenant.admin
                .with("If-Match", "\"4711\"")
                .put("/v1/admin/ai-config", named("stale"))
                .expect(412, "SW_PRECONDITION_FAILED");
        assertThat(config(tenant)).isEqualTo(before);
        assertThat(tenant.auditCount()).isZero();

        // What is committed after them is the first of its chain, also on Kafka, where an event before it would have
        // come first.
        Api.Reply made =
                tenant.admin.put("/v1/admin/ai-config", named("committed")).expect(200);
        List<AuditTopic.Event> events =
                AuditTopic.read(server.platform().kafka().bootstrapServers(), "tenant:" + tenant.id, 1, PATIENCE);
        assertThat(events).hasSize(1);
        assertThat(events.get(0).value().at("/data/request_id").asText()).isEqualTo(made.header("X-Request-Id"));
        assertThat(events.get(0).value().at("/data/seq").asLong()).isEqualTo(1);
    }
}
