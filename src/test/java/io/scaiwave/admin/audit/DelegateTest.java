package io.scaiwave.admin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.audit.entry.HashChain;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.AuditTopic;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TestServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who acts for somebody by a delegated token (RFC 8693) is on record beside them, wherever an entry is served. */
class DelegateTest {
    private static final String AUDIT = "/v1/admin/audit";
    private static final String CONFIG = "/v1/admin/ai-config";
    private static final Map<String, Object> ACT =
            Map.of("sub", "support-console", "act", Map.of("sub", "an-earlier-one"), "client_id", "x");

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();

    private Api acting(String role, Object act) {
        Map<String, Object> claims = new HashMap<>(Map.of("sub", "ada", "role", role, "name", "Ada"));
        claims.put("act", act);
        return tenant.as(claims);
    }

    private static void assertDelegated(JsonNode entry) {
        assertThat(entry.path("actor_id").asText()).isEqualTo("ada");
        assertThat(entry.path("actor_type").asText()).isEqualTo("user");
        assertThat(entry.path("actor_name").asText()).isEqualTo("Ada");
        assertThat(entry.path("delegate_id").asText()).isEqualTo("support-console");
    }

    @Test
    void delegate_isInTheEntryOfAChange_inExportsAndOnTheTopic() {
        TestServer.change(acting("tenant_admin", ACT), "delegated").expect(200);
        JsonNode entry = tenant.audited("ai_config.update");
        assertDelegated(entry);
        assertThat(HashChain.hash(Json.MAPPER.convertValue(entry, new TypeReference<>() {})))
                .isEqualTo(entry.path("hash").asText());
        String ndjson = tenant.admin
                .with("Accept", "application/x-ndjson")
                .get(AUDIT + "?action=ai_config.update")
                .text();
        assertThat(TenantLog.json(ndjson)).isEqualTo(entry);
        String csv = tenant.admin
                .with("Accept", "text/csv")
                .get(AUDIT + "?action=ai_config.update")
                .text();
        assertThat(csv)
                .contains("actor_name,delegate_id,resource_type")
                .contains("\"Ada\",\"support-console\",\"ai_config\"");
        List<AuditTopic.Event> events =
                AuditTopic.read(server.platform().kafka().bootstrapServers(), tenant.chain, 1, Duration.ofSeconds(20));
        assertThat(events.get(0).value().path("data")).isEqualTo(entry);
    }

    @Test
    void delegate_isShownByADryRun() {
        JsonNode preview = acting("tenant_admin", ACT)
                .put(CONFIG + "?dry_run=true", "{\"system_prompt_templates\":[{\"name\":\"n\",\"prompt\":\"p\"}]}")
                .expect(200)
                .meta()
                .path("audit_entry");
        assertDelegated(preview);
    }

    @Test
    void delegate_isInTheEntriesOfRefusalsAndExports() {
        acting("member", ACT).get(CONFIG).expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        assertDelegated(tenant.audited("access.deny"));
        acting("tenant_admin", ACT).with("Accept", "text/csv").get(AUDIT).expect(200);
        assertDelegated(tenant.audited("audit.export"));
    }

    @Test
    void delegate_isNullWhereSomebodyActsThemselves() {
        TestServer.change(acting("tenant_admin", null), "themselves").expect(200);
        assertThat(tenant.audited("ai_config.update").path("delegate_id").isNull())
                .isTrue();
    }

    /** A token that was delegated to nobody that can be named is not one of the subject themselves. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "\"support-console\"",
                "{\"sub\": null}",
                "{\"sub\": \"\"}",
                "{\"sub\": \" \"}",
                "{\"sub\": 7}",
                "{\"sub\": [\"support-console\"]}",
                "{\"sub\": \"a\\nb\"}",
                "{\"sub\": \"a\\u0000b\"}",
                "{\"sub\": \"a\\u202eb\"}",
                "{\"client_id\": \"support-console\"}",
                "{\"act\": {\"sub\": \"an-earlier-one\"}}"
            })
    void delegate_thatCannotBeNamedIsRefused(String act) {
        acting("tenant_admin", Json.MAPPER.convertValue(TenantLog.json(act), Object.class))
                .get(CONFIG)
                .expect(401, "SW_AUTH_INVALID_TOKEN");
    }

    @Test
    void delegate_isBounded() {
        acting("tenant_admin", Map.of("sub", "d".repeat(255))).get(CONFIG).expect(200);
        acting("tenant_admin", Map.of("sub", "d".repeat(256))).get(CONFIG).expect(401, "SW_AUTH_INVALID_TOKEN");
    }
}
