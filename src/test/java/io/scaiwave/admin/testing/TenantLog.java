package io.scaiwave.admin.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** What a tenant's audit log must say of a call by its admin: the expected entries, whole, and no others. */
public final class TenantLog {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestServer server;
    private final TestServer.Tenant tenant;

    public TenantLog(TestServer server, TestServer.Tenant tenant) {
        this.server = server;
        this.tenant = tenant;
    }

    /** @param changes as JSON */
    public record Entry(String action, String resourceId, String changes) {}

    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** The entries that the call wrote, oldest first; known by its request id, which the call must not have chosen. */
    public List<JsonNode> of(Api.Reply reply) {
        server.settle();
        List<JsonNode> found = new ArrayList<>();
        tenant.admin.get("/v1/admin/audit?limit=1000").expect(200).data().forEach(entry -> {
            if (entry.path("request_id").asText().equals(reply.header("X-Request-Id"))) {
                found.add(0, entry);
            }
        });
        return found;
    }

    /** Exactly these entries, oldest first; none when the call changed nothing. */
    public void says(Api.Reply reply, Entry... expected) {
        List<JsonNode> entries = of(reply);
        assertThat(entries).as("entries of %s", reply.body()).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            check(entries.get(i), expected[i], reply);
        }
    }

    /** The reply of a dry run: it shows the entry, or null for no change, and none was written. */
    public void previews(Api.Reply reply, Entry expected) {
        assertThat(reply.meta().path("dry_run").booleanValue()).isTrue();
        JsonNode preview = reply.meta().path("audit_entry");
        if (expected == null) {
            assertThat(preview.isNull()).as("preview %s", preview).isTrue();
        } else {
            check(preview, expected, reply);
        }
        says(reply);
    }

    private void check(JsonNode entry, Entry expected, Api.Reply reply) {
        assertThat(entry.path("action").asText()).isEqualTo(expected.action);
        assertThat(entry.path("resource_type").asText()).isEqualTo(expected.action.replaceAll("[.].*", ""));
        assertThat(entry.path("resource_id").asText()).isEqualTo(expected.resourceId);
        assertThat(entry.path("changes")).isEqualTo(json(expected.changes));
        assertThat(entry.path("chain").asText()).isEqualTo("tenant:" + tenant.id);
        assertThat(entry.path("tenant_id").asText()).isEqualTo(tenant.id);
        assertThat(entry.path("partner_id").asText()).isEqualTo(tenant.partner.id);
        assertThat(entry.path("actor_id").asText()).isEqualTo("admin");
        assertThat(entry.path("actor_type").asText()).isEqualTo("user");
        assertThat(entry.path("actor_name").asText()).isEqualTo("Ada Admin");
        assertThat(entry.path("ip_address").asText()).isEqualTo("127.0.0.1");
        assertThat(entry.path("user_agent").asText()).startsWith("Java-http-client");
        assertThat(entry.path("request_id").asText()).isEqualTo(reply.header("X-Request-Id"));
    }
}
