package io.scaiwave.admin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import java.util.List;
import java.util.function.IntFunction;

/** What If-Match means for all settings alike. */
final class SettingsVersions {
    private SettingsVersions() {}

    /** @param change the body of the n-th change; the last one that is made is the fourth */
    static void check(TestServer.Tenant tenant, String path, IntFunction<String> change) {
        String stale = tenant.admin.get(path).expect(200).header("ETag");
        String current = tenant.admin.put(path, change.apply(1)).expect(200).header("ETag");
        int entries = tenant.auditCount();
        for (String sent : List.of(stale, "W/" + current, "\"999999\"", "\"x\"")) {
            Api sender = tenant.admin.with("If-Match", sent);
            sender.put(path, change.apply(0)).expect(412, "SW_PRECONDITION_FAILED");
            sender.put(path + "?dry_run=true", change.apply(0)).expect(412, "SW_PRECONDITION_FAILED");
        }
        assertThat(tenant.admin.get(path).expect(200).header("ETag")).isEqualTo(current);
        assertThat(tenant.auditCount()).isEqualTo(entries);
        current = tenant.admin
                .with("If-Match", current)
                .put(path, change.apply(2))
                .expect(200)
                .header("ETag");
        tenant.admin
                .with("If-Match", stale + ", " + current)
                .put(path, change.apply(3))
                .expect(200);
        tenant.admin.with("If-Match", "*").put(path, change.apply(4)).expect(200);
        assertThat(tenant.auditCount()).isEqualTo(entries + 3);
    }

    /** Of many changes of one version one was made, and that one is what is there now. */
    static void oneOf(List<Api.Reply> replies, Api.Reply now) {
        List<Api.Reply> done =
                replies.stream().filter(reply -> reply.status() == 200).toList();
        assertThat(done).hasSize(1);
        replies.stream()
                .filter(reply -> reply.status() != 200)
                .forEach(reply -> reply.expect(412, "SW_PRECONDITION_FAILED"));
        assertThat(now.body()).isEqualTo(done.get(0).body());
    }
}
