package io.scaiwave.admin.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantLog.Entry;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** disabled_plugins: what a partner switches off for all tenants below it. Here a partner, one below it, and one below that. */
class PartnerPluginsTest {
    private static final String PARTNERS = "/v1/admin/partners/";
    private static final String PLUGINS = "/v1/admin/plugins";
    private static final String WEB = "scaiwave.web";
    private static final String OFF = "{\"disabled_plugins\": [\"scaiwave.web\"]}";
    private static final String NONE = "{\"disabled_plugins\": []}";

    private final TestServer server = TestServer.shared();
    private final TestServer.Partner top = server.newPartner();
    private final TestServer.Partner middle = below(top);
    private final TestServer.Tenant tenant = below(middle).newTenant("");
    private final TenantLog log = new TenantLog(server, tenant);

    private TestServer.Partner below(TestServer.Partner partner) {
        return server.newPartner(", \"parent_partner_id\": \"%s\"".formatted(partner.id));
    }

    private static Api.Reply put(TestServer.Partner partner, String json) {
        return partner.admin.put(PARTNERS + partner.id, json).expect(200);
    }

    private TestServer.Partner partner(String name) {
        return switch (name) {
            case "top" -> top;
            case "middle" -> middle;
            default -> tenant.partner;
        };
    }

    private Api.Reply turn(String verb) {
        return tenant.admin.post(PLUGINS + "/" + WEB + "/" + verb);
    }

    private JsonNode plugin() {
        return tenant.admin
                .get(PLUGINS + "?limit=1&q=web%20pages")
                .expect(200)
                .data()
                .get(0);
    }

    private void isState(boolean enabled, boolean disabledByPartner) {
        JsonNode plugin = plugin();
        assertThat(plugin.path("enabled").booleanValue()).isEqualTo(enabled);
        assertThat(plugin.path("enabled_at").isNull()).isEqualTo(!enabled);
        assertThat(plugin.path("disabled_by_partner").booleanValue()).isEqualTo(disabledByPartner);
        List<String> on =
                tenant.admin.get(PLUGINS + "?enabled=true").expect(200).data().findValuesAsText("id");
        assertThat(on.contains(WEB)).isEqualTo(enabled);
    }

    @Test
    void put_isAuditedOnThePartner() {
        Api.Reply before = top.admin.get(PARTNERS + top.id).expect(200);
        assertThat(before.data().path("disabled_plugins")).isEmpty();
        Api.Reply reply = put(top, "{\"disabled_plugins\": [\"scaiwave.web\", \"scaiwave.files\"]}");
        assertThat(reply.data().path("disabled_plugins"))
                .isEqualTo(TenantLog.json("[\"scaiwave.web\", \"scaiwave.files\"]"));
        assertThat(reply.header("ETag")).isNotEqualTo(before.header("ETag"));
        JsonNode entries = top.entries("action=partner.update");
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).path("chain").asText()).isEqualTo("partner:" + top.id);
        assertThat(entries.get(0).path("changes")).isEqualTo(TenantLog.json("""
                {"before": {"disabled_plugins": []}, "after": {"disabled_plugins": ["scaiwave.web", "scaiwave.files"]}}"""));
        assertThat(put(top, "{\"name\": \"Other\"}").data().path("disabled_plugins"))
                .hasSize(2);
        assertThat(put(top, NONE).data().path("disabled_plugins")).isEmpty();
        assertThat(middle.admin.get(PARTNERS + middle.id).expect(200).data().path("disabled_plugins"))
                .isEmpty();
    }

    private static Api.Reply put(Api who, TestServer.Partner partner, String json) {
        return who.put(PARTNERS + partner.id, json);
    }

    @Test
    void whatOneAboveSwitchedOff_isNotLiftedFromBelow_andMayBeAddedTo() {
        Api root = server.superAdmin();
        put(root, middle, OFF).expect(200);
        for (Api lower : List.of(middle.admin, top.admin)) {
            put(lower, middle, NONE).expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        }
        put(middle.admin, middle, "{\"disabled_plugins\": [\"scaiwave.web\", \"scaiwave.files\"]}")
                .expect(200);
        put(middle.admin, middle, OFF).expect(200); // their own addition is theirs to take back
        put(top.admin, middle, "{\"disabled_plugins\": [\"scaiwave.files\", \"scaiwave.web\"]}")
                .expect(200);
        put(middle.admin, middle, OFF).expect(403);
        put(top.admin, middle, OFF).expect(200);
        put(root, top, OFF).expect(200);
        put(top.admin, top, NONE).expect(403);
        put(root, top, NONE).expect(200);
        put(root, middle, NONE).expect(200);
    }

    /** Also not by a partner that stands between. */
    @Test
    void suspensionsAndMaxTenantsOfOneAbove_areNotLiftedFromBetween() {
        Api root = server.superAdmin();
        put(root, middle, "{\"status\": \"suspended\", \"max_tenants\": 3}").expect(200);
        for (String lifted : List.of("{\"status\": \"active\"}", "{\"max_tenants\": 4}", "{\"max_tenants\": null}")) {
            put(top.admin, middle, lifted).expect(403);
        }
        put(top.admin, middle, "{\"max_tenants\": 2, \"name\": \"Tighter\"}").expect(200);
        put(top.admin, middle, "{\"max_tenants\": 3}").expect(200);
        put(root, middle, "{\"status\": \"active\", \"max_tenants\": null}").expect(200);
        put(top.admin, middle, "{\"status\": \"suspended\", \"max_tenants\": 9}")
                .expect(200);
        put(top.admin, middle, "{\"status\": \"active\", \"max_tenants\": null}")
                .expect(200);
        TestServer.Partner born =
                server.newPartner(", \"parent_partner_id\": \"%s\", \"max_tenants\": 5".formatted(top.id));
        put(top.admin, born, "{\"max_tenants\": 6}").expect(403);
    }

    @Test
    void put_ofTheSameListWritesNoEntryAndDryRunChangesNothing() {
        Api.Reply off = put(top, OFF);
        assertThat(put(top, OFF).body()).isEqualTo(off.body());
        Api.Reply rehearsed =
                top.admin.put(PARTNERS + top.id + "?dry_run=true", NONE).expect(200);
        assertThat(rehearsed.meta().at("/audit_entry/changes")).isEqualTo(TenantLog.json("""
                {"before": {"disabled_plugins": ["scaiwave.web"]}, "after": {"disabled_plugins": []}}"""));
        assertThat(top.entries("action=partner.update")).hasSize(1);
        isState(false, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"top", "middle", "own"})
    void switchedOff_outranksTheTenantWhoseChoiceComesBackWithIt(String who) {
        JsonNode chosen = turn("enable").expect(200).data();
        put(partner(who), OFF);
        isState(false, true);
        Api.Reply refused = turn("enable").expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        turn("enable?dry_run=true").expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        log.says(
                refused,
                new TenantLog.Entry(
                        "access.deny",
                        "enablePlugin",
                        "{\"before\": null, \"after\": {\"code\": \"SW_AUTH_INSUFFICIENT_PERMISSION\"}}"));
        put(partner(who), NONE);
        isState(true, false);
        assertThat(plugin()).isEqualTo(chosen);
        assertThat(tenant.changeCount()).isEqualTo(1);
    }

    @Test
    void switchedOff_cannotBeEnabledByAnyoneInTheTenant() {
        put(top, OFF);
        for (Api admin : List.of(tenant.partner.admin, middle.admin, top.admin, server.superAdmin())) {
            admin.with("X-Tenant-Id", tenant.id)
                    .post(PLUGINS + "/" + WEB + "/enable")
                    .expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        }
        put(top, NONE);
        isState(false, false);
        turn("enable").expect(200);
        isState(true, false);
    }

    @Test
    void switchedOff_canBeDisabledAndThenStaysOff() {
        turn("enable").expect(200);
        put(middle, OFF);
        Api.Reply reply = turn("disable").expect(200);
        assertThat(reply.data()).isEqualTo(plugin());
        log.says(
                reply,
                new Entry("plugin.disable", WEB, "{\"before\": {\"enabled\": true}, \"after\": {\"enabled\": false}}"));
        log.says(turn("disable").expect(200));
        isState(false, true);
        put(middle, NONE);
        isState(false, false);
    }

    @Test
    void switchedOff_byTwoPartnersComesBackWhenBothHaveLiftedIt() {
        turn("enable").expect(200);
        put(top, OFF);
        put(tenant.partner, OFF);
        put(tenant.partner, NONE);
        isState(false, true);
        put(top, NONE);
        isState(true, false);
    }

    @Test
    void switchedOff_isOffForThatPluginAndThoseBelowOnly() {
        TestServer.Tenant beside = below(top).newTenant("");
        put(middle, OFF);
        assertThat(beside.admin
                        .post(PLUGINS + "/" + WEB + "/enable")
                        .expect(200)
                        .data()
                        .path("enabled")
                        .booleanValue())
                .isTrue();
        top.newTenant("").admin.post(PLUGINS + "/" + WEB + "/enable").expect(200);
        tenant.admin.post(PLUGINS + "/scaiwave.files/enable").expect(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"scaiwave.web\", \"scaiwave.nope\", \"acme.web\"]|/disabled_plugins/1 /disabled_plugins/2",
                "[\"scaiwave.web\", \"scaiwave.web\"]|/disabled_plugins",
                "[\"Web\", 1, null]|/disabled_plugins/0 /disabled_plugins/1 /disabled_plugins/2",
                "null|/disabled_plugins",
                "\"scaiwave.web\"|/disabled_plugins",
                "{}|/disabled_plugins"
            })
    void put_refusesWhatIsNoListOfPlugins(String list, String fields) {
        Api.Reply before = top.admin.get(PARTNERS + top.id).expect(200);
        for (String path : List.of(PARTNERS + top.id, PARTNERS + top.id + "?dry_run=true")) {
            Api.Reply reply = top.admin
                    .put(path, "{\"disabled_plugins\": %s}".formatted(list))
                    .expect(422, "SW_VALIDATION_FAILED");
            assertThat(Set.copyOf(reply.fields())).containsExactlyInAnyOrder(fields.split(" "));
        }
        assertThat(top.admin.get(PARTNERS + top.id).expect(200).body()).isEqualTo(before.body());
        assertThat(top.entries("action=partner.update")).isEmpty();
    }

    @Test
    void put_isNotForThoseBelow() {
        put(top, OFF);
        middle.admin.put(PARTNERS + top.id, NONE).expect(404, "SW_PARTNER_NOT_FOUND");
        tenant.admin.put(PARTNERS + top.id, NONE).expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
        put(middle, NONE);
        isState(false, true);
        assertThat(top.admin.put(PARTNERS + middle.id, OFF).expect(200).data().path("disabled_plugins"))
                .hasSize(1);
        middle.admin.put(PARTNERS + middle.id, NONE).expect(403, "SW_AUTH_INSUFFICIENT_PERMISSION");
    }
}
