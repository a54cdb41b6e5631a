package io.scaiwave.admin.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.LogRows;
import io.scaiwave.admin.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A page is bounded in what it reads, and all of them together leave nothing out. */
class PageReaderTest {
    private static final String AUDIT = "/v1/admin/audit";
    private static final int MANY = 12_000;
    private static final int LARGE = 12;

    /** Not the shared one: nobody could check the hashes of these entries. */
    private final TestServer server = TestServer.mistreated();

    private final TestServer.Tenant tenant = server.newTenant();

    /** All pages, each of at most so many entries; what the list gives altogether, newest first. */
    private static List<JsonNode> walk(Api api, String query, List<Integer> sizes) {
        List<JsonNode> all = new ArrayList<>();
        String cursor = "";
        do {
            Api.Reply page = api.get(AUDIT + "?" + query + cursor).expect(200);
            page.data().forEach(all::add);
            sizes.add(page.data().size());
            cursor = "&cursor=" + page.meta().path("next_cursor").asText();
            assertThat(page.meta().path("next_cursor").isNull())
                    .isNotEqualTo(page.meta().path("has_more").asBoolean());
        } while (!cursor.endsWith("=null"));
        assertThat(all)
                .extracting(entry -> entry.path("id").asText())
                .doesNotHaveDuplicates()
                .isSortedAccordingTo((a, b) -> b.compareTo(a));
        return all;
    }

    @Test
    void list_readsNoMoreThanAStep_howeverLittleMatches() {
        LogRows.addMany(server, tenant.chain, MANY);
        tenant.change("newest").expect(200);
        server.settle();
        List<Integer> sizes = new ArrayList<>();
        assertThat(walk(tenant.admin, "action=no.match", sizes)).isEmpty();
        assertThat(sizes).hasSizeBetween(3, 4);
        assertThat(walk(tenant.admin, "actor_id=sql&resource_id=many&limit=1000", new ArrayList<>()))
                .hasSize(MANY);
        assertThat(walk(tenant.admin, "action=ai_config.update&until=2999-01-01T00:00:00Z", new ArrayList<>()))
                .hasSize(1);
        Api.Reply first =
                tenant.admin.get(AUDIT + "?action=ai_config.update&limit=1").expect(200);
        assertThat(first.data()).hasSize(1);
        assertThat(tenant.admin
                        .get(AUDIT + "?action=no.match&until=2020-01-01T00:00:00Z")
                        .expect(200)
                        .meta()
                        .path("has_more")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void list_ofAFleet_readsNoMoreThanAStep_andLosesNothing() {
        TestServer.Tenant other = tenant.partner.newTenant("");
        LogRows.addMany(server, other.chain, tenant.partner.id, MANY);
        tenant.changes(3);
        other.change("newest").expect(200);
        server.settle();
        List<Integer> sizes = new ArrayList<>();
        assertThat(walk(tenant.partner.admin, "resource_type=ai_config", sizes)).hasSize(4);
        assertThat(sizes).hasSizeBetween(3, 4);
        assertThat(walk(tenant.partner.admin, "limit=1000", new ArrayList<>()).size())
                .isEqualTo(MANY + 3 + 1 + 2);
        assertThat(walk(server.superAdmin(), "actor_id=admin&since=2020-01-01T00:00:00Z&limit=1000", new ArrayList<>()))
                .extracting(entry -> entry.path("chain").asText())
                .contains(tenant.chain, other.chain);
    }

    @Test
    void list_isBoundedInBytes() {
        for (int i = 0; i < LARGE; i++) {
            String prompt = Integer.toString(i) + "\uD840\uDC00".repeat(19_000);
            String template = "{\"name\": \"n\", \"prompt\": \"%s\"}".formatted(prompt);
            tenant.admin
                    .put("/v1/admin/ai-config", "{\"system_prompt_templates\": [%1$s, %1$s, %1$s]}".formatted(template))
                    .expect(200);
        }
        server.settle();
        List<Integer> sizes = new ArrayList<>();
        assertThat(walk(tenant.admin, "limit=100", sizes)).hasSize(LARGE);
        assertThat(sizes).hasSizeGreaterThan(1).allMatch(size -> size > 0);
    }
}
