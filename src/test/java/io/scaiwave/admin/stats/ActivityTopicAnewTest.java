package io.scaiwave.admin.stats;

import static io.scaiwave.admin.stats.ActivityFeed.event;
import static io.scaiwave.admin.stats.ActivityFeed.room;
import static io.scaiwave.admin.stats.ActivityFeed.storage;
import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.testing.Sql;
import io.scaiwave.admin.testing.TestServer;
import io.scaiwave.admin.testing.Wait;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An activity topic that is not any more what the offsets in PostgreSQL were of. Its name is as long as Kafka allows, so that its
 * dead-letter topic can never be made.
 */
class ActivityTopicAnewTest {
    private static final int PARTITIONS = 40; // more than the server makes

    private static final String TOPIC = "scaiwave.activity." + "x".repeat(231);
    private static TestServer server;
    private static Admin admin;

    private TestServer.Tenant tenant;

    @BeforeAll
    static void start() {
        server = TestServer.alone(Map.of(
                "SCAIWAVE_ACTIVITY_TOPIC", TOPIC,
                "SCAIWAVE_ACTIVITY_PARTITIONS_MS", "200",
                "SCAIWAVE_HTTP_STOP_DELAY_MS", "0"));
        admin = Admin.create(
                Map.of("bootstrap.servers", server.platform().kafka().bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        server.close();
    }

    @BeforeEach
    void newTenant() {
        tenant = server.newTenant();
    }

    private String stored(long bytes) {
        return event("storage.changed", tenant.id, storage(bytes, 0));
    }

    /** By the port that the server has now. */
    private long bytes() {
        return server.superAdmin()
                .with("X-Tenant-Id", tenant.id)
                .get("/v1/admin/stats")
                .expect(200)
                .data()
                .at("/storage/used_bytes")
                .asLong();
    }

    /** A feed of its own, since what a producer knows of a topic outlives the topic. */
    private RecordMetadata send(List<String> events) {
        try (ActivityFeed feed = feed()) {
            return feed.sendAll(tenant.id, events);
        }
    }

    private static ActivityFeed feed() {
        return new ActivityFeed(server.platform().kafka().bootstrapServers(), TOPIC);
    }

    private void sendAndAwait(List<String> events) {
        StatsVerticleTest.counted(server, send(events));
    }

    private static <T> T await(KafkaFuture<T> done) {
        try {
            return done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The server may make it first. */
    private static void makeAnew() {
        await(admin.deleteTopics(Set.of(TOPIC)).all());
        Wait.soon(() -> {
            try {
                admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(1), Optional.empty())))
                        .all()
                        .get();
                return true;
            } catch (ExecutionException e) {
                return e.getCause() instanceof TopicExistsException && isThere();
            }
        });
    }

    private static boolean isThere() throws InterruptedException {
        try {
            admin.describeTopics(List.of(TOPIC)).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
            return false;
        }
    }

    @Test
    void aTopicMadeAgainWhileNoServerRan_isReadFromItsBeginning() {
        sendAndAwait(Collections.nCopies(20, event("room.created", tenant.id, room("dm"))));
        String early = stored(1);
        server.restart(() -> {
            makeAnew();
            send(List.of(early, stored(10), stored(100)));
        });
        Wait.soon(() -> bytes() == 111);
        sendAndAwait(List.of(early, stored(1_000)));
        assertThat(bytes()).as("a repeat counts once").isEqualTo(1_111);
    }

    @Test
    void aTopicMadeAgainWhileTheServerRuns_losesNothing_thoughItIsLongerThanTheOldOne() {
        sendAndAwait(List.of(stored(1)));
        makeAnew();
        send(Collections.nCopies(50, stored(10)));
        send(List.of(stored(100)));
        Wait.soon(() -> bytes() == 111);
    }

    @Test
    void recordsThatExpiredBeforeTheyWereCounted_arePassedOverAndTold() {
        double before = server.metric("activity_records_missed_total");
        sendAndAwait(List.of(stored(1)));
        server.restart(() -> {
            RecordMetadata last = send(Collections.nCopies(7, stored(10)));
            TopicPartition partition = new TopicPartition(last.topic(), last.partition());
            await(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(last.offset() + 1)))
                    .all());
            send(List.of(stored(100)));
        });
        Wait.soon(() -> bytes() == 101);
        assertThat(server.metric("activity_records_missed_total")).isEqualTo(before + 7);
    }

    @Test
    void partitionsThatAreAdded_areReadWhileTheServerRuns() {
        sendAndAwait(List.of(stored(1)));
        await(admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(PARTITIONS)))
                .all());
        Wait.soon(() -> await(admin.describeTopics(List.of(TOPIC)).allTopicNames())
                        .get(TOPIC)
                        .partitions()
                        .size()
                == PARTITIONS);
        try (ActivityFeed feed = feed()) {
            IntStream.range(0, PARTITIONS).forEach(i -> feed.send("key-" + i, stored(1)));
        }
        Wait.soon(() -> bytes() == 1 + PARTITIONS);
        assertThat(Sql.texts(server, "SELECT partition FROM activity_offsets WHERE next_offset > 0 AND partition > 11"))
                .isNotEmpty();
    }

    @Test
    void whatTheDeadLetterTopicCannotTake_isPassedOver_andDoesNotHoldUpTheRest() {
        double before = server.metric("activity_dead_letters_failed_total");
        send(List.of(stored(1), "bad", stored(10)));
        Wait.soon(() -> bytes() == 11);
        sendAndAwait(List.of("worse", stored(100)));
        assertThat(bytes()).isEqualTo(111);
        assertThat(server.metric("activity_dead_letters_failed_total")).isEqualTo(before + 2);
    }
}
