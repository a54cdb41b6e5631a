package io.scaiwave.admin.stats;

import static io.scaiwave.admin.stats.ActivityFeed.event;
import static io.scaiwave.admin.stats.ActivityFeed.member;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.testing.TestServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Participants that come and go elsewhere in the platform. */
class ReportedParticipantsTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final ActivityFeed FEED =
            new ActivityFeed(SERVER.platform().kafka().bootstrapServers());
    private static final String JOINED = "participant.joined";
    private static final String LEFT = "participant.left";

    private final TestServer.Tenant tenant = SERVER.newPartner().newTenant(", \"limits\": {\"max_participants\": 8}");
    private final String ada = UUID.randomUUID().toString();

    @AfterAll
    static void stop() {
        FEED.close();
    }

    /** An event of one day, so many minutes past noon. */
    private String at(int minute, String type, String data) {
        return event(type, tenant.id, UUID.randomUUID().toString(), "2026-11-20T12:%02d:00Z".formatted(minute), data);
    }

    private void send(String... events) {
        StatsVerticleTest.counted(SERVER, FEED.sendAll(tenant.id, Arrays.asList(events)));
    }

    private List<String> listed() {
        JsonNode list = tenant.admin.get("/v1/admin/participants").expect(200).body();
        JsonNode stats = tenant.admin.get("/v1/admin/stats").expect(200).data().path("participants");
        assertThat(list.at("/meta/total").asInt()).isEqualTo(list.path("data").size());
        assertThat(stats.path("total").asInt())
                .as("total of %s", stats)
                .isEqualTo(list.path("data").size());
        stats.path("by_type").properties().forEach(type -> assertThat(
                        type.getValue().asInt())
                .as("%s in %s", type.getKey(), list)
                .isEqualTo((int) list.path("data").findValuesAsText("participant_type").stream()
                        .filter(type.getKey()::equals)
                        .count()));
        return list.path("data").findValuesAsText("local_id");
    }

    private String refusal(String value) {
        return FEED.deadLetters().stream()
                .filter(letter -> value.equals(letter.value()))
                .map(letter -> ActivityFeed.header(letter, "reason"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not set aside: " + value));
    }

    private int create(String localId) {
        return tenant.admin
                .post(
                        "/v1/admin/participants/model",
                        "{\"model\": \"scailar-pro\", \"local_id\": \"%s\", \"display_name\": \"M\"}"
                                .formatted(localId))
                .status();
    }

    @Test
    void joined_areListedBesideThoseThatWereMade() {
        assertThat(create("m")).isEqualTo(201);
        List<String> events = new ArrayList<>();
        for (String type : List.of("human", "agent", "helper", "bridge", "federated")) {
            events.add(at(0, JOINED, member(UUID.randomUUID().toString(), type, type)));
        }
        send(events.toArray(String[]::new));
        assertThat(listed()).containsExactly("agent", "bridge", "federated", "helper", "human", "m");
        JsonNode human = tenant.admin
                .get("/v1/admin/participants?participant_type=human")
                .expect(200)
                .data();
        assertThat(human.get(0).path("fqid").asText()).isEqualTo("@human:chat.example");
        assertThat(human.get(0).path("display_name").asText()).isEqualTo("Member human");
        assertThat(human.get(0).path("avatar_url").isNull()).isTrue();
    }

    @Test
    void joined_countTowardsTheLimitOfThoseThatAreMade() {
        for (int i = 0; i < 7; i++) {
            send(at(0, JOINED, member(UUID.randomUUID().toString(), "human-" + i, "human")));
        }
        assertThat(create("m1")).isEqualTo(201);
        assertThat(create("m2")).isEqualTo(409);
        send(at(0, JOINED, member(ada, "ada", "human")));
        assertThat(listed()).hasSize(9);
        send(at(1, LEFT, member(ada, "ada", "human")), at(1, LEFT, member(ada, "ada", "human")));
        assertThat(listed()).hasSize(8);
    }

    @Test
    void left_andJoinedCountByTheirTimesNotByTheirOrder() {
        send(at(5, LEFT, member(ada, "ada", "human")));
        assertThat(listed()).isEmpty();
        send(at(1, JOINED, member(ada, "ada", "human")));
        assertThat(listed()).isEmpty();
        send(at(7, JOINED, member(ada, "ada-2", "agent")), at(6, JOINED, member(ada, "ada-1", "human")));
        assertThat(listed()).containsExactly("ada-2");
        send(at(6, LEFT, member(ada, "ada-1", "human")));
        assertThat(listed()).containsExactly("ada-2");
        send(at(8, LEFT, member(ada, "ada-2", "agent")));
        assertThat(listed()).isEmpty();
    }

    @Test
    void joined_mayTakeTheLocalIdOfOneWhoLeft() {
        send(
                at(1, JOINED, member(ada, "ada", "human")),
                at(3, JOINED, member(UUID.randomUUID().toString(), "ada", "human")),
                at(2, LEFT, member(ada, "ada", "human")));
        assertThat(listed()).containsExactly("ada");
    }

    @Test
    void joined_withATakenLocalIdIsSetAsideAloneOfItsBatch() {
        send(at(1, JOINED, member(ada, "ada", "human")));
        String taken = at(2, JOINED, member(UUID.randomUUID().toString(), "ada", "human"));
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            events.add(i == 41 ? taken : event("room.created", tenant.id, ActivityFeed.room("dm")));
        }
        send(events.toArray(String[]::new));
        assertThat(listed()).containsExactly("ada");
        assertThat(refusal(taken)).isEqualTo("data.local_id is another participant's");
        assertThat(tenant.admin
                        .get("/v1/admin/stats")
                        .expect(200)
                        .data()
                        .at("/rooms/total")
                        .asInt())
                .isEqualTo(59);
    }

    @Test
    void joined_cannotTakeAParticipantOfAnotherTenant() {
        TestServer.Tenant other = tenant.partner.newTenant("");
        send(at(1, JOINED, member(ada, "ada", "human")));
        String stolen = event(JOINED, other.id, member(ada, "ada", "human"));
        StatsVerticleTest.counted(SERVER, FEED.sendAll(other.id, List.of(stolen)));
        assertThat(refusal(stolen)).contains("belongs to another tenant");
        assertThat(listed()).containsExactly("ada");
    }

    @Test
    void joined_asAModelOrWithANameThatIsNoneIsSetAside() {
        String model = at(1, JOINED, member(ada, "ada", "model"));
        String shouting = at(1, JOINED, member(ada, "ADA", "human"));
        String nul = at(1, JOINED, member(ada, "ada", "human").replace("Member ada", "\\u0000"));
        send(model, shouting, nul);
        assertThat(refusal(model)).startsWith("data.participant_type must be one of human, agent");
        assertThat(refusal(shouting)).startsWith("data.local_id");
        assertThat(refusal(nul)).isNotEmpty();
        assertThat(listed()).isEmpty();
    }
}
