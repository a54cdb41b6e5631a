package io.scaiwave.admin.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** listPlugins. */
class PluginsListTest {
    private static final String PLUGINS = "/v1/admin/plugins";
    private static final List<String> BUILT_IN = List.of(
            "scaiwave.artifacts",
            "scaiwave.calculator",
            "scaiwave.calendar",
            "scaiwave.drive",
            "scaiwave.files",
            "scaiwave.knowledge",
            "scaiwave.memory",
            "scaiwave.notes",
            "scaiwave.scailink",
            "scaiwave.skills",
            "scaiwave.todos",
            "scaiwave.web",
            "scaiwave.web_search",
            "scaiwave.workspace_bridge");

    private final TestServer.Tenant tenant = TestServer.shared().newTenant();

    private Api.Reply list(String query) {
        return tenant.admin.get(PLUGINS + query).expect(200);
    }

    @Test
    void list_hasTheBuiltInOnesInOrderAndAllAreOff() {
        Api.Reply reply = list("");
        assertThat(reply.data().findValuesAsText("id")).isEqualTo(BUILT_IN);
        assertThat(reply.meta()).isEqualTo(TenantLog.json("{\"total\": 14, \"limit\": 50, \"offset\": 0}"));
        for (JsonNode plugin : reply.data()) {
            assertThat(plugin.path("enabled").booleanValue()).isFalse();
            assertThat(plugin.path("enabled_at").isNull()).isTrue();
            assertThat(plugin.path("disabled_by_partner").booleanValue()).isFalse();
        }
    }

    @Test
    void list_showsTheManifest() {
        assertThat(list("?q=scaiwave.memory").data().get(0)).isEqualTo(TenantLog.json("""
                {"id": "scaiwave.memory", "name": "Memory", "version": "1.0.0",
                 "description": "Remembers what a person has told a model, from one conversation to the next.",
                 "tools": [
                   {"name": "recall", "description": "Finds what was remembered.", "side_effects": false},
                   {"name": "remember", "description": "Keeps a fact for later.", "side_effects": true}],
                 "permissions": ["memory.read", "memory.write"], "injects_context": true, "scope": "user",
                 "enabled": false, "enabled_at": null, "disabled_by_partner": false}"""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "?q=CAL|2|scaiwave.calculator scaiwave.calendar",
                "?q=Web%20PAGES|1|scaiwave.web",
                "?q=_|2|scaiwave.web_search scaiwave.workspace_bridge",
                "?q=%25|0|none",
                "?q=E.WEB&limit=1|2|scaiwave.web",
                "?enabled=true|2|scaiwave.files scaiwave.web",
                "?enabled=true&q=web|1|scaiwave.web",
                "?enabled=false&q=web|1|scaiwave.web_search",
                "?enabled=false&limit=1|12|scaiwave.artifacts",
                "?enabled=true&limit=1&offset=1|2|scaiwave.web",
                "?limit=2&offset=11|14|scaiwave.web scaiwave.web_search",
                "?limit=200&offset=13|14|scaiwave.workspace_bridge",
                "?offset=14|14|none",
                "?offset=1000000|14|none"
            })
    void list_filtersAndPages(String query, int total, String ids) {
        tenant.admin.post(PLUGINS + "/scaiwave.web/enable").expect(200);
        tenant.admin.post(PLUGINS + "/scaiwave.files/enable").expect(200);
        Api.Reply reply = list(query);
        assertThat(reply.data().findValuesAsText("id")).isEqualTo(ids == null ? List.of() : List.of(ids.split(" ")));
        assertThat(reply.meta().path("total").asInt()).isEqualTo(total);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit",
        "limit=201, limit",
        "offset=-1, offset",
        "enabled=1, enabled",
        "q=, q",
        "sort=name, sort"
    })
    void list_refusesAWrongParameter(String query, String field) {
        assertThat(tenant.admin
                        .get(PLUGINS + "?" + query)
                        .expect(422, "SW_VALIDATION_FAILED")
                        .fields())
                .containsOnly(field);
    }
}
