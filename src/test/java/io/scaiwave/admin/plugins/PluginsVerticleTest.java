package io.scaiwave.admin.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantLog.Entry;
import io.scaiwave.admin.testing.TenantRefusals;
import io.scaiwave.admin.testing.TestServer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PluginsVerticleTest {
    private static final String PLUGINS = "/v1/admin/plugins";
    private static final String WEB = "scaiwave.web";
    private static final String ON = "{\"before\": {\"enabled\": false}, \"after\": {\"enabled\": true}}";
    private static final String OFF = "{\"before\": {\"enabled\": true}, \"after\": {\"enabled\": false}}";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final TenantLog log = new TenantLog(server, tenant);

    private Api.Reply turn(String id, String verb) {
        return tenant.admin.post(PLUGINS + "/" + id + "/" + verb).expect(200);
    }

    private Api.Reply list(String query) {
        return tenant.admin.get(PLUGINS + query).expect(200);
    }

    private JsonNode listed(String id) {
        for (JsonNode plugin : list("").data()) {
            if (plugin.path("id").asText().equals(id)) {
                return plugin;
            }
        }
        throw new AssertionError("not listed: " + id);
    }

    private static void isState(JsonNode plugin, boolean enabled) {
        assertThat(plugin.path("enabled").booleanValue()).isEqualTo(enabled);
        assertThat(plugin.path("enabled_at").isNull()).isEqualTo(!enabled);
        assertThat(plugin.path("disabled_by_partner").booleanValue()).isFalse();
    }

    @Test
    void change_turnsOnAndOffAndLogsIt() {
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Api.Reply on = turn(WEB, "enable");
        isState(on.data(), true);
        assertThat(Instant.parse(on.data().path("enabled_at").asText())).isBetween(before, Instant.now());
        assertThat(listed(WEB)).isEqualTo(on.data());
        log.says(on, new Entry("plugin.enable", WEB, ON));
        Api.Reply off = turn(WEB, "disable");
        isState(off.data(), false);
        assertThat(listed(WEB)).isEqualTo(off.data());
        log.says(off, new Entry("plugin.disable", WEB, OFF));
        Api.Reply again = turn(WEB, "enable");
        assertThat(again.data().path("enabled_at").asText())
                .isGreaterThan(on.data().path("enabled_at").asText());
        log.says(again, new Entry("plugin.enable", WEB, ON));
    }

    @Test
    void change_thatChangesNothingWritesNoEntry() {
        log.says(turn(WEB, "disable"));
        log.previews(turn(WEB, "disable?dry_run=true"), null);
        Api.Reply on = turn(WEB, "enable");
        Api.Reply again = turn(WEB, "enable");
        assertThat(again.body()).isEqualTo(on.body());
        log.says(again);
        log.previews(turn(WEB, "enable?dry_run=true"), null);
        turn(WEB, "disable");
        log.says(turn(WEB, "disable"));
    }

    @Test
    void change_dryRunShowsTheEntryAndChangesNothing() {
        Api.Reply on = turn(WEB, "enable?dry_run=true");
        isState(on.data(), true);
        log.previews(on, new Entry("plugin.enable", WEB, ON));
        isState(listed(WEB), false);
        JsonNode enabled = turn(WEB, "enable").data();
        Api.Reply off = turn(WEB, "disable?dry_run=true");
        isState(off.data(), false);
        log.previews(off, new Entry("plugin.disable", WEB, OFF));
        assertThat(listed(WEB)).isEqualTo(enabled);
    }

    @ParameterizedTest
    @ValueSource(strings = {"enable", "disable"})
    void change_refusesAPluginThatIsNotThere(String verb) {
        for (String id : List.of("scaiwave.nope", "acme.web", "scaiwave.web.search", "a.b")) {
            String path = PLUGINS + "/" + id + "/" + verb;
            log.says(tenant.admin.post(path).expect(404, "SW_PLUGIN_NOT_FOUND"));
            tenant.admin.post(path + "?dry_run=true").expect(404, "SW_PLUGIN_NOT_FOUND");
        }
        for (String id : List.of("web", "scaiwave.", ".web", "Scaiwave.web", "scaiwave.web%0A", "scaiwave%2Fweb.x")) {
            tenant.admin.post(PLUGINS + "/" + id + "/" + verb).expect(404, "SW_PLUGIN_NOT_FOUND");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "POST, /scaiwave.web/enable", "POST, /scaiwave.web/disable"})
    void everyOperation_refusesWhoMayNot(String method, String path) {
        TenantRefusals.check(server, tenant, method, PLUGINS + path, null);
        isState(listed(WEB), false);
    }

    @Test
    void change_isTheTenantsOwn() {
        turn(WEB, "enable");
        Api sibling = tenant.partner.newTenant("").admin;
        assertThat(sibling.get(PLUGINS + "?enabled=true").expect(200).data()).isEmpty();
        sibling.post(PLUGINS + "/" + WEB + "/disable").expect(200);
        isState(listed(WEB), true);
    }

    @Test
    void change_byThePartnersAdminNamesThemAndTheTenant() {
        Api partner = tenant.partner.admin.with("X-Tenant-Id", tenant.id);
        Api.Reply reply = partner.post(PLUGINS + "/" + WEB + "/enable").expect(200);
        isState(listed(WEB), true);
        List<JsonNode> entries = log.of(reply);
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).path("actor_id").asText()).isEqualTo("partner-admin");
        assertThat(entries.get(0).path("tenant_id").asText()).isEqualTo(tenant.id);
    }

    @Test
    void change_worksInATenantWithoutAPartner() {
        String name = TestServer.unique("alone");
        Api root = server.superAdmin();
        String body = "{\"slug\": \"%1$s\", \"name\": \"Alone\", \"scaikey_tenant_id\": \"%1$s\"}".formatted(name);
        String id = root.post("/v1/admin/tenants", body)
                .expect(201)
                .data()
                .path("id")
                .asText();
        Api inside = root.with("X-Tenant-Id", id);
        isState(inside.post(PLUGINS + "/" + WEB + "/enable").expect(200).data(), true);
        assertThat(inside.get(PLUGINS + "?enabled=true").expect(200).data()).hasSize(1);
    }

    /** What is on record, oldest first. */
    private List<String> actions() {
        server.settle();
        List<String> actions = new ArrayList<>(tenant.admin
                .get("/v1/admin/audit?limit=1000")
                .expect(200)
                .data()
                .findValuesAsText("action"));
        Collections.reverse(actions);
        return actions;
    }

    @Test
    void enable_writesOneEntryHoweverParallel() {
        List<Api.Reply> replies = Parallel.many(i -> turn(WEB, "enable"));
        assertThat(replies.stream().map(Api.Reply::body).distinct()).hasSize(1);
        assertThat(tenant.auditCount()).isEqualTo(1);
        Parallel.many(i -> turn(WEB, i % 2 == 0 ? "enable" : "disable"));
        List<String> actions = actions();
        for (int i = 0; i < actions.size(); i++) {
            assertThat(actions.get(i)).isEqualTo(i % 2 == 0 ? "plugin.enable" : "plugin.disable");
        }
        isState(listed(WEB), actions.size() % 2 == 1);
    }
}
