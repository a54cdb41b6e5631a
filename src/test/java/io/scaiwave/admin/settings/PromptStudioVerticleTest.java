package io.scaiwave.admin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TestServer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptStudioVerticleTest {
    private static final String STUDIO = "/v1/admin/prompt-studio";
    private static final String ON = Setting.PROMPT_STUDIO.whole;

    private final SettingsOf settings = new SettingsOf(Setting.PROMPT_STUDIO);
    private final TestServer server = settings.server;
    private final TestServer.Tenant tenant = settings.tenant;

    private static String roles(String... names) {
        return "{\"allowlist\": {\"roles\": [\"%s\"]}}".formatted(String.join("\", \"", names));
    }

    /** What the tenant itself says of the feature, null when it says nothing. */
    private static String feature(TestServer server, TestServer.Tenant tenant) {
        return Sql.texts(server, "SELECT features ->> 'prompt_studio' FROM tenants WHERE id = ?::uuid", tenant.id)
                .get(0);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, false"})
    void get_startsWithTheFeatureThatTheTenantWasCreatedWith(boolean feature, boolean enabled) {
        TestServer.Tenant fresh =
                tenant.partner.newTenant(", \"features\": {\"prompt_studio\": %s, \"other\": true}".formatted(feature));
        assertThat(fresh.admin.get(STUDIO).expect(200).data().path("enabled").booleanValue())
                .isEqualTo(enabled);
        fresh.admin.put(STUDIO, "{\"enabled\": %s}".formatted(!enabled)).expect(200);
        assertThat(feature(server, fresh)).isEqualTo("" + !feature);
        assertThat(Sql.texts(server, "SELECT features ->> 'other' FROM tenants WHERE id = ?::uuid", fresh.id))
                .containsExactly("true");
    }

    @Test
    void put_ofTheListsAloneLeavesTheFeatureAsItIs() {
        TestServer.Tenant fresh = tenant.partner.newTenant(", \"features\": {\"prompt_studio\": true}");
        Api.Reply reply = fresh.admin.put(STUDIO, roles("author")).expect(200);
        assertThat(reply.data().path("enabled").booleanValue()).isTrue();
        assertThat(feature(server, fresh)).isEqualTo("true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"allowlist\": {\"roles\": [\"new\"]}}|[\"new\"]|[\"Care\"]",
                "{\"allowlist\": {\"roles\": []}}|[]|[\"Care\"]",
                "{\"allowlist\": {\"groups\": [\"New\", \"Care\"]}}|[\"author\", \"editor\"]|[\"New\", \"Care\"]",
                "{\"allowlist\": {\"groups\": []}}|[\"author\", \"editor\"]|[]",
                "{\"allowlist\": {\"roles\": [\"editor\", \"author\"], \"groups\": []}}|[\"editor\", \"author\"]|[]"
            })
    void put_replacesEachListWholeAndKeepsAnAbsentOne(String json, String roles, String groups) {
        settings.put(ON);
        String allowlist = "{\"roles\": %s, \"groups\": %s}".formatted(roles, groups);
        Api.Reply reply = settings.put(json);
        assertThat(reply.data().path("enabled").booleanValue()).isTrue();
        assertThat(reply.data().path("allowlist")).isEqualTo(TenantLog.json(allowlist));
        settings.log.says(reply, settings.update("""
                {"before": {"allowlist": {"roles": ["author", "editor"], "groups": ["Care"]}},
                 "after": {"allowlist": %s}}""".formatted(allowlist)));
    }

    @Test
    void put_ofTheFlagAloneKeepsTheListsAndMovesTheFeature() {
        settings.dryRun(tenant.admin, ON).expect(200);
        assertThat(feature(server, tenant)).isNull();
        JsonNode allowlist = settings.put(ON).data().path("allowlist");
        assertThat(feature(server, tenant)).isEqualTo("true");
        Api.Reply reply = settings.put("{\"enabled\": false}");
        assertThat(reply.data().path("allowlist")).isEqualTo(allowlist);
        assertThat(feature(server, tenant)).isEqualTo("false");
        settings.log.says(reply, settings.update("{\"before\": {\"enabled\": true}, \"after\": {\"enabled\": false}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"enabled\": null}|/enabled",
                "{\"enabled\": 1, \"allowlist\": null}|/enabled /allowlist",
                "{\"allowlist\": {\"roles\": null}}|/allowlist/roles",
                "{\"allowlist\": {\"roles\": [\"a\", \"a\"], \"groups\": \"g\"}}|/allowlist/roles /allowlist/groups",
                "{\"allowlist\": {\"roles\": [\"ok\", \" a\", \"a \", \"\"]}}|/allowlist/roles/1 /allowlist/roles/2 /allowlist/roles/3",
                "{\"allowlist\": {\"groups\": [\"a\\nb\", null, \"\\u0000\"]}}|/allowlist/groups/0 /allowlist/groups/1 /allowlist/groups/2",
                "{\"allowlist\": {\"users\": []}, \"roles\": []}|/allowlist/users /roles"
            })
    void put_refusesWhatBreaksARule(String json, String fields) {
        settings.put(ON);
        settings.refused(json, fields.split(" "));
    }

    @Test
    void put_takesListsUpToTheirMost() {
        String[] most = IntStream.range(0, 200).mapToObj(i -> "role " + i).toArray(String[]::new);
        most[0] = "\ud83d\ude00" + "x".repeat(98) + "'";
        assertThat(settings.put(roles(most))
                        .data()
                        .at("/allowlist/roles")
                        .get(0)
                        .asText())
                .isEqualTo(most[0]);
        String[] more = IntStream.range(0, 201).mapToObj(i -> "role " + i).toArray(String[]::new);
        assertThat(tenant.admin
                        .put(STUDIO, roles(more))
                        .expect(422, "SW_VALIDATION_FAILED")
                        .fields())
                .containsExactly("/allowlist/roles");
        assertThat(tenant.admin
                        .put(STUDIO, roles("x".repeat(101)))
                        .expect(422, "SW_VALIDATION_FAILED")
                        .fields())
                .containsExactly("/allowlist/roles/0");
        assertThat(settings.get().data().at("/allowlist/roles")).hasSize(200);
    }
}
