package io.scaiwave.admin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.Parallel;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantRefusals;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What all settings have in common; the particulars of each are in the tests of their own verticles. */
class SettingsTest {
    private static void assertHolds(JsonNode data, String expected) {
        TenantLog.json(expected).properties().forEach(field -> assertThat(data.path(field.getKey()))
                .as(field.getKey())
                .isEqualTo(field.getValue()));
    }

    @ParameterizedTest
    @EnumSource
    void get_answersTheDefaultsOfANewTenant(Setting setting) {
        JsonNode data = new SettingsOf(setting).get().data();
        assertHolds(data, setting.defaults);
        assertThat(data.path("updated_at").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void get_answers304ToTheVersionThatTheClientHas(Setting setting) {
        SettingsOf settings = new SettingsOf(setting);
        String tag = settings.get().header("ETag");
        Api admin = settings.tenant.admin;
        for (String sent : List.of(tag, "W/" + tag, "\"0\", " + tag, "*")) {
            Api.Reply known =
                    admin.with("If-None-Match", sent).get(setting.path).expect(304);
            assertThat(known.header("ETag")).isEqualTo(tag);
        }
        admin.with("If-None-Match", "\"0\"").get(setting.path).expect(200);
        settings.put(setting.change(1));
        Api.Reply changed = admin.with("If-None-Match", tag).get(setting.path).expect(200);
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
    }

    @ParameterizedTest
    @EnumSource
    void everyOperation_refusesWhoMayNot(Setting setting) {
        SettingsOf settings = new SettingsOf(setting);
        TenantRefusals.check(settings.server, settings.tenant, "GET", setting.path, null);
        TenantRefusals.check(settings.server, settings.tenant, "PUT", setting.path, setting.change(1));
    }

    @ParameterizedTest
    @EnumSource
    void put_changesEachFieldAndLogsWhatChanged(Setting setting) {
        SettingsOf settings = new SettingsOf(setting);
        JsonNode before = settings.get().data();
        Api.Reply reply = settings.put(setting.whole);
        assertHolds(reply.data(), setting.whole);
        assertThat(reply.data().path("updated_at").asText())
                .isGreaterThan(before.path("updated_at").asText());
        settings.assertUnchangedSince(reply);
        settings.log.says(reply, settings.update(setting.defaults, setting.whole));
    }

    static Stream<Arguments> unchanging() {
        return Arrays.stream(Setting.values())
                .flatMap(setting -> Stream.concat(Stream.of("{}", setting.whole), setting.unchanging().stream())
                        .map(json -> Arguments.of(setting, json)));
    }

    @ParameterizedTest
    @MethodSource("unchanging")
    void put_thatChangesNothingWritesNoEntry(Setting setting, String json) {
        SettingsOf settings = new SettingsOf(setting);
        Api.Reply before = settings.put(setting.whole);
        Api.Reply reply = settings.put(json);
        assertThat(reply.body()).isEqualTo(before.body());
        assertThat(reply.header("ETag")).isEqualTo(before.header("ETag"));
        settings.log.says(reply);
        settings.log.previews(settings.dryRun(settings.tenant.admin, json).expect(200), null);
    }

    @ParameterizedTest
    @EnumSource
    void put_dryRunShowsTheReplyAndTheEntryAndChangesNothing(Setting setting) {
        SettingsOf settings = new SettingsOf(setting);
        Api.Reply before = settings.get();
        Api.Reply reply = settings.dryRun(settings.tenant.admin, setting.whole).expect(200);
        assertHolds(reply.data(), setting.whole);
        settings.log.previews(reply, settings.update(setting.defaults, setting.whole));
        settings.assertUnchangedSince(before);
        settings.put(setting.whole);
    }

    @ParameterizedTest
    @EnumSource
    void put_changesOnlyTheVersionThatIfMatchNames(Setting setting) {
        SettingsOf settings = new SettingsOf(setting);
        String stale = settings.get().header("ETag");
        Api.Reply first = settings.put(setting.change(1));
        String current = first.header("ETag");
        for (String sent : List.of(stale, "W/" + current, "\"999999\"", "\"x\"")) {
            Api sender = settings.tenant.admin.with("If-Match", sent);
            Api.Reply refused = sender.put(setting.path, setting.change(0)).expect(412, "SW_PRECONDITION_FAILED");
            settings.log.says(refused);
            settings.dryRun(sender, setting.change(0)).expect(412, "SW_PRECONDITION_FAILED");
        }
        settings.assertUnchangedSince(first);
        int n = 2;
        for (String sent : List.of("%s", stale + ", %s", "*")) {
            String match = sent.formatted(settings.get().header("ETag"));
            Api.Reply made = settings.tenant
                    .admin
                    .with("If-Match", match)
                    .put(setting.path, setting.change(n))
                    .expect(200);
            assertThat(settings.get().body()).isEqualTo(made.body());
            assertThat(settings.log.of(made)).hasSize(1);
            n++;
        }
    }

    @ParameterizedTest
    @EnumSource
    void put_ofOneVersionSucceedsOnceHoweverParallel(Setting setting) {
        SettingsOf settings = new SettingsOf(setting);
        int entries = settings.tenant.auditCount();
        Api sender = settings.tenant.admin.with("If-Match", settings.get().header("ETag"));
        List<Api.Reply> replies = Parallel.many(i -> sender.put(setting.path, setting.change(i)));
        List<Api.Reply> made =
                replies.stream().filter(reply -> reply.status() == 200).toList();
        assertThat(made).hasSize(1);
        replies.stream()
                .filter(reply -> reply.status() != 200)
                .forEach(reply -> reply.expect(412, "SW_PRECONDITION_FAILED"));
        settings.assertUnchangedSince(made.get(0));
        assertThat(settings.tenant.auditCount()).isEqualTo(entries + 1);
    }
}
