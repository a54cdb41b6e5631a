package io.scaiwave.admin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TenantLog;
import io.scaiwave.admin.testing.TenantLog.Entry;
import io.scaiwave.admin.testing.TestServer;
import java.util.Set;

/** One kind of settings of a fresh tenant, by that tenant's admin. */
final class SettingsOf {
    final TestServer server = TestServer.shared();
    final TestServer.Tenant tenant = server.newTenant();
    final TenantLog log = new TenantLog(server, tenant);
    final Setting setting;

    SettingsOf(Setting setting) {
        this.setting = setting;
        setting.prepare(tenant);
    }

    Api.Reply get() {
        return tenant.admin.get(setting.path).expect(200);
    }

    Api.Reply put(String json) {
        return tenant.admin.put(setting.path, json).expect(200);
    }

    Api.Reply dryRun(Api admin, String json) {
        return admin.put(setting.path + "?dry_run=true", json);
    }

    Entry update(String changes) {
        return new Entry(setting.action, tenant.id, changes);
    }

    Entry update(String before, String after) {
        return update("{\"before\": %s, \"after\": %s}".formatted(before, after));
    }

    void assertUnchangedSince(Api.Reply before) {
        assertThat(get().body()).isEqualTo(before.body());
        assertThat(get().header("ETag")).isEqualTo(before.header("ETag"));
    }

    /** The call is refused for these fields, also as a dry run, and the settings and the log stay as they were. */
    void refused(String json, String... fields) {
        Api.Reply before = get();
        Api.Reply reply = tenant.admin.put(setting.path, json).expect(422, "SW_VALIDATION_FAILED");
        assertThat(Set.copyOf(reply.fields())).containsExactlyInAnyOrder(fields);
        dryRun(tenant.admin, json).expect(422, "SW_VALIDATION_FAILED");
        assertUnchangedSince(before);
        log.says(reply);
    }
}
