package io.scaiwave.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActivityLagTest {
    private static final String LAG = "activity_lag_records";

    @Test
    void lag_isWhatWasReportedAndCannotBeCounted() {
        TestServer server = TestServer.mistreated();
        TestServer.Tenant tenant = server.newTenant();
        String event = ActivityFeed.event("room.created", tenant.id, ActivityFeed.room("group"));
        try (ActivityFeed feed = new ActivityFeed(server.platform().kafka().bootstrapServers())) {
            feed.sendAll(tenant.id, List.of(event));
            // Without the right a server that has just started would not even go to its place in the topic.
            Wait.soon(() -> tenant.admin
                            .get("/v1/admin/stats")
                            .expect(200)
                            .data()
                            .path("rooms")
                            .path("total")
                            .asInt()
                    == 1);
            Wait.soon(() -> server.metric(LAG) == 0);
            Sql.change(server, "REVOKE UPDATE ON activity_offsets FROM scaiwave_app");
            feed.sendAll(tenant.id, Collections.nCopies(3, event));
            Wait.soon(() -> server.metric(LAG) == 3);
        } finally {
            Sql.change(server, "GRANT UPDATE ON activity_offsets TO scaiwave_app");
        }
        Wait.soon(() -> server.metric(LAG) == 0);
        assertThat(server.metric("kafka_consumer_records_consumed_total")).isPositive();
    }
}
