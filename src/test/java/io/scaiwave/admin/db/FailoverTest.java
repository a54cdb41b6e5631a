package io.scaiwave.admin.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.local.LocalPostgres;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A primary that dies and a standby that takes its place, both real, behind a URL with both hosts. */
class FailoverTest {
    private static final String APPLIED = "{\"system_prompt_templates\": [{\"name\": \"%s\", \"prompt\": \"p\"}]}";

    @Test
    void aPromotedStandby_isFound_andNothingAcknowledgedIsLost() {
        try (LocalPostgres primary = LocalPostgres.start(null);
                LocalPostgres standby = primary.follower();
                TestServer node = TestServer.shared()
                        .beside(Map.of(
                                "SCAIWAVE_DB_URL", both(primary.appUrl(), standby, primary),
                                "SCAIWAVE_DB_MIGRATION_URL", both(primary.ownerUrl(), standby, primary),
                                "SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS", ""))) {
            TestServer.Tenant tenant = node.newTenant();
            List<String> acknowledged = new ArrayList<>();
            List<Integer> meanwhile = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                change(tenant.admin, "before-" + i, acknowledged);
            }
            primary.stopImmediately();
            meanwhile.add(change(tenant.admin, "between", acknowledged));
            standby.promote();
            Wait.soon(() -> {
                int status = change(tenant.admin, "after-" + meanwhile.size(), acknowledged);
                meanwhile.add(status);
                return status == 200;
            });
            change(tenant.admin, "last", acknowledged);
            assertThat(meanwhile.get(0)).isEqualTo(503);
            assertThat(meanwhile).containsOnly(200, 503);
            Wait.soon(() -> names(tenant.admin).contains("last"));
            assertThat(names(tenant.admin)).containsAll(acknowledged).doesNotHaveDuplicates();
            node.anonymous().get("/health/ready").expect(200);
        }
    }

    /** Adds the name to those that the server has acknowledged, if it does. */
    private static int change(Api admin, String name, List<String> acknowledged) {
        Api.Reply reply = admin.put("/v1/admin/ai-config", APPLIED.formatted(name));
        if (reply.status() == 200) {
            acknowledged.add(name);
        }
        return reply.status();
    }

    /** What the entries of the log say was set. */
    private static List<String> names(Api admin) {
        return admin
                .get("/v1/admin/audit?limit=1000&action=ai_config.update")
                .expect(200)
                .data()
                .findValues("after")
                .stream()
                .map(after -> after.at("/system_prompt_templates/0/name").asText())
                .toList();
    }

    private static String both(String url, LocalPostgres first, LocalPostgres second) {
        String hosts = "127.0.0.1:%d,127.0.0.1:%d".formatted(first.port(), second.port());
        return url.replaceFirst("127\\.0\\.0\\.1:\\d+", hosts);
    }
}
