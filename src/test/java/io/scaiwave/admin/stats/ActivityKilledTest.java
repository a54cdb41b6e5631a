package io.scaiwave.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.local.LocalPlatform;
import io.scaiwave.admin.testing.Api;
import io.scaiwave.admin.testing.ServerProcess;
import io.scaiwave.admin.testing.Wait;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Counting, while the server is killed again and again, on a platform of its own. */
class ActivityKilledTest {
    private static final int EVENTS_OF_EACH = 2_000; // so many that no total of it falls below nothing

    private LocalPlatform platform;
    private ActivityFeed feed;

    @BeforeEach
    void start() {
        platform = LocalPlatform.start();
        feed = new ActivityFeed(platform.kafka().bootstrapServers());
    }

    @AfterEach
    void stop() {
        feed.close();
        platform.close();
    }

    @Test
    void totals_areExactWhenTheServerIsKilledOnTheWay() throws SQLException {
        assertExact(4, 1);
    }

    @Test
    @Tag("long")
    void totals_areExactWhenTheServerIsKilledAgainAndAgain() throws SQLException {
        assertExact(20, 2);
    }

    private void assertExact(int tenantCount, int kills) throws SQLException {
        int events = tenantCount * EVENTS_OF_EACH;
        ServerProcess server = ServerProcess.start(platform.environment());
        try (Connection database =
                DriverManager.getConnection(platform.postgres().superuserJdbc())) {
            List<String> tenants = newTenants(superAdmin(server), tenantCount);
            // Taken before all else, so that who comes later under this name is refused.
            tenants.forEach(tenant -> feed.send(
                    tenant,
                    ActivityFeed.event("participant.joined", tenant, ActivityFeed.member(tenant, "first", "human"))));
            awaitApplied(database, tenantCount);
            RandomActivity activity = new RandomActivity(tenants, events);
            activity.events.forEach(event -> feed.send(event.key(), event.value()));
            for (int kill = 1; kill <= kills; kill++) {
                long enough = applied(database) + events / (2 * kills);
                awaitApplied(database, enough);
                server.kill();
                assertThat(applied(database)).as("killed while busy").isBetween(enough, events + tenantCount - 1L);
                server.close();
                server = ServerProcess.start(platform.environment());
            }
            feed.flush();
            awaitApplied(database, events + tenantCount);
            Api api = superAdmin(server);
            tenants.forEach(tenant -> assertTotals(activity, tenant, api));
            assertSetAside(activity);
        } finally {
            server.close();
        }
    }

    private void assertTotals(RandomActivity activity, String tenant, Api api) {
        JsonNode stats = api.with("X-Tenant-Id", tenant)
                .get("/v1/admin/stats")
                .expect(200)
                .data();
        stats.at("/rooms/by_type").properties().forEach(type -> assertThat(
                        type.getValue().asLong())
                .isEqualTo(activity.total(tenant, "rooms", type.getKey())));
        assertThat(stats.at("/ai_usage/by_model").size()).isPositive();
        stats.at("/ai_usage/by_model").properties().forEach(model -> {
            for (String counted : List.of("requests", "input_tokens", "output_tokens")) {
                assertThat(model.getValue().path(counted).asLong())
                        .as("%s of %s", counted, model.getKey())
                        .isEqualTo(activity.total(tenant, counted, model.getKey()));
            }
        });
        for (String counted : List.of("used_bytes", "file_count")) {
            assertThat(stats.path("storage").path(counted).asLong()).isEqualTo(activity.total(tenant, counted, ""));
        }
        long humans = 1 + activity.total(tenant, "participants", "human");
        assertThat(stats.at("/participants/by_type/human").asLong()).isEqualTo(humans);
        JsonNode list = api.with("X-Tenant-Id", tenant)
                .get("/v1/admin/participants")
                .expect(200)
                .body();
        assertThat(list.at("/meta/total").asLong()).isEqualTo(humans);
    }

    /** Each broken record, some more than once, and nothing else. A broken one that was repeated stands at two places. */
    private void assertSetAside(RandomActivity activity) {
        Set<String> values = new TreeSet<>();
        Set<String> places = new HashSet<>();
        for (ConsumerRecord<String, String> letter : feed.deadLetters()) {
            values.add(letter.value());
            places.add(ActivityFeed.header(letter, "partition") + "@" + ActivityFeed.header(letter, "offset"));
        }
        assertThat(values).isEqualTo(activity.broken);
        assertThat((long) places.size())
                .isEqualTo(activity.events.stream()
                        .filter(event -> activity.broken.contains(event.value()))
                        .count());
    }

    private Api superAdmin(ServerProcess server) {
        String token = platform.scaiKey().token(Map.of("sub", "root", "role", "super_admin"));
        return server.api(Map.of("Authorization", "Bearer " + token));
    }

    private static List<String> newTenants(Api api, int count) {
        return new ArrayList<>(IntStream.range(0, count)
                .mapToObj(i -> api.post(
                                "/v1/admin/tenants",
                                "{\"slug\": \"t-%1$d\", \"name\": \"T\", \"scaikey_tenant_id\": \"sk-%1$d\"}"
                                        .formatted(i))
                        .expect(201)
                        .data()
                        .path("id")
                        .asText())
                .toList());
    }

    private static void awaitApplied(Connection database, long count) {
        Wait.soon(() -> applied(database) >= count);
    }

    private static long applied(Connection database) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("SELECT coalesce(sum(next_offset), 0) FROM activity_offsets")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
