package io.scaiwave.admin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantLog.Entry;
import io.scaiwave.admin.testing.TenantRefusals;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptStudioVerticleTest {
    private static final String STUDIO = "/v1/admin/prompt-studio";
    private static final String DRY_RUN = STUDIO + "?dry_run=true";
    private static final String ON =
            "{\"enabled\": true, \"allowlist\": {\"roles\": [\"author\", \"editor\"], \"groups\": [\"Care\"]}}";

    private final TestServer server = TestServer.shared();
    private final TestServer.Tenant tenant = server.newTenant();
    private final TenantLog log = new TenantLog(server, tenant);

    private Api.Reply put(String json) {
        return tenant.admin.put(STUDIO, json).expect(200);
    }

    private Api.Reply get() {
        return tenant.admin.get(STUDIO).expect(200);
    }

    private Entry update(String changes) {
        return new Entry("prompt_studio.update", tenant.id, changes);
    }

    private static String roles(String... names) {
        return "{\"allowlist\": {\"roles\": [\"%s\"]}}".formatted(String.join("\", \"", names));
    }

    /** What the tenant itself says of the feature, null when it says nothing. */
    private static String feature(TestServer server, TestServer.Tenant tenant) {
        return Sql.texts(server, "SELECT features ->> 'prompt_studio' FROM tenants WHERE id = ?::uuid", tenant.id)
                .get(0);
    }

    @Test
    void get_answersTheDefaultsOfANewTenant() {
        JsonNode data = get().data();
        assertThat(data.path("enabled").booleanValue()).isFalse();
        assertThat(data.path("allowlist")).isEqualTo(TenantLog.json("{\"roles\": [], \"groups\": []}"));
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

    @Test
    void get_answers304ToTheVersionThatTheClientHas() {
        String tag = get().header("ETag");
        for (String sent : List.of(tag, "W/" + tag, "\"0\", " + tag, "*")) {
            assertThat(tenant.admin
                            .with("If-None-Match", sent)
                            .get(STUDIO)
                            .expect(304)
                            .header("ETag"))
                    .isEqualTo(tag);
        }
        put(ON);
        assertThat(tenant.admin
                        .with("If-None-Match", tag)
                        .get(STUDIO)
                        .expect(200)
                        .header("ETag"))
                .isNotEqualTo(tag);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"GET|", "PUT|{\"enabled\": true}"})
    void everyOperation_refusesWhoMayNot(String method, String body) {
        TenantRefusals.check(server, tenant, method, STUDIO, body);
    }

    @Test
    void put_changesEachFieldAndLogsWhatChanged() {
        JsonNode before = get().data();
        Api.Reply reply = put(ON);
        assertThat(reply.data().path("enabled").booleanValue()).isTrue();
        assertThat(reply.data().path("allowlist"))
                .isEqualTo(TenantLog.json("{\"roles\": [\"author\", \"editor\"], \"groups\": [\"Care\"]}"));
        assertThat(reply.data().path("updated_at").asText())
                .isGreaterThan(before.path("updated_at").asText());
        assertThat(get().body()).isEqualTo(reply.body());
        assertThat(get().header("ETag")).isEqualTo(reply.header("ETag"));
        assertThat(feature(server, tenant)).isEqualTo("true");
        log.says(reply, update("""
                {"before": {"enabled": false, "allowlist": {"roles": [], "groups": []}},
                 "after": {"enabled": true, "allowlist": {"roles": ["author", "editor"], "groups": ["Care"]}}}"""));
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
        put(ON);
        String allowlist = "{\"roles\": %s, \"groups\": %s}".formatted(roles, groups);
        Api.Reply reply = put(json);
        assertThat(reply.data().path("enabled").booleanValue()).isTrue();
        assertThat(reply.data().path("allowlist")).isEqualTo(TenantLog.json(allowlist));
        log.says(reply, update("""
                {"before": {"allowlist": {"roles": ["author", "editor"], "groups": ["Care"]}},
                 "after": {"allowlist": %s}}""".formatted(allowlist)));
    }

    @Test
    void put_ofTheFlagAloneKeepsTheLists() {
        JsonNode allowlist = put(ON).data().path("allowlist");
        Api.Reply reply = put("{\"enabled\": false}");
        assertThat(reply.data().path("allowlist")).isEqualTo(allowlist);
        assertThat(feature(server, tenant)).isEqualTo("false");
        log.says(reply, update("{\"before\": {\"enabled\": true}, \"after\": {\"enabled\": false}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                ON,
                "{\"enabled\": true}",
                "{\"allowlist\": {}}",
                "{\"allowlist\": {\"groups\": [\"Care\"]}}"
            })
    void put_thatChangesNothingWritesNoEntry(String json) {
        Api.Reply before = put(ON);
        Api.Reply reply = put(json);
        assertThat(reply.body()).isEqualTo(before.body());
        assertThat(reply.header("ETag")).isEqualTo(before.header("ETag"));
        log.says(reply);
        log.previews(tenant.admin.put(DRY_RUN, json).expect(200), null);
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
        Api.Reply before = put(ON);
        Api.Reply reply = tenant.admin.put(STUDIO, json).expect(422, "SW_VALIDATION_FAILED");
        assertThat(Set.copyOf(reply.fields())).containsExactlyInAnyOrder(fields.split(" "));
        tenant.admin.put(DRY_RUN, json).expect(422, "SW_VALIDATION_FAILED");
        assertThat(get().body()).isEqualTo(before.body());
        log.says(reply);
    }

    @Test
    void put_takesListsUpToTheirMost() {
        String[] most = IntStream.range(0, 200).mapToObj(i -> "role " + i).toArray(String[]::new);
        most[0] = "\ud83d\ude00" + "x".repeat(98) + "'";
        assertThat(put(roles(most)).data().at("/allowlist/roles").get(0).asText())
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
        assertThat(get().data().at("/allowlist/roles")).hasSize(200);
    }

    @Test
    void put_dryRunShowsTheReplyAndTheEntryAndChangesNothing() {
        Api.Reply before = get();
        Api.Reply reply = tenant.admin.put(DRY_RUN, "{\"enabled\": true}").expect(200);
        assertThat(reply.data().path("enabled").booleanValue()).isTrue();
        log.previews(reply, update("{\"before\": {\"enabled\": false}, \"after\": {\"enabled\": true}}"));
        assertThat(get().body()).isEqualTo(before.body());
        assertThat(get().header("ETag")).isEqualTo(before.header("ETag"));
        assertThat(feature(server, tenant)).isNull();
    }

    @Test
    void put_changesOnlyTheVersionThatIfMatchNames() {
        SettingsVersions.check(tenant, STUDIO, n -> roles("r" + n));
        assertThat(get().data().at("/allowlist/roles/0").asText()).isEqualTo("r4");
    }

    @Test
    void put_ofOneVersionSucceedsOnceHoweverParallel() {
        Api sender = tenant.admin.with("If-Match", get().header("ETag"));
        List<Api.Reply> replies = Parallel.many(i -> sender.put(STUDIO, roles("r" + i)));
        SettingsVersions.oneOf(replies, get());
        assertThat(tenant.auditCount()).isEqualTo(1);
    }
}
