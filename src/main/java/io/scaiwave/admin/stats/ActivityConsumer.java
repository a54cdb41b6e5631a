package io.scaiwave.admin.stats;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Lease;
import io.scaiwave.admin.kafka.KafkaMeters;
import io.scaiwave.admin.kafka.Topics;
import io.scaiwave.admin.work.Deadline;
import io.scaiwave.admin.work.Loop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what the platform reports. One node consumes at a time: the one whose session holds the lock. Where to read from stands
 * in PostgreSQL and moves in the transaction that counts, so that a crash neither loses nor doubles; after any failure it is
 * read again. Events that cannot be counted are set aside before the batch that they came with is committed.
 * To be used on one event loop only.
 */
final class ActivityConsumer implements Loop.Step {
    private static final Logger LOG = LoggerFactory.getLogger(ActivityConsumer.class);
    /** Longer than the timeouts of all that a step does. */
    private static final long STEP_MS = 60_000;

    private static final long STOP_MS = 5_000;
    private static final long HOUSEKEEPING_MS = TimeUnit.HOURS.toMillis(1);

    private final Vertx vertx;
    private final Config config;
    private final Database database;
    private final ActivityTopic topic;
    private final ActivityPlaces places;
    private final DeadLetters deadLetters;
    private final Lease lease;
    private final Loop loop;
    private final Map<Integer, Long> positions = new HashMap<>(); // empty: to be read from PostgreSQL
    private boolean stopping;
    private volatile long lag;
    private Deadline partitionsDue = Deadline.in(0);
    private Deadline markDue = Deadline.in(0);
    private Topics.@Nullable Found reading;
    private @Nullable Mark mark;

    /** When everything before these ends is counted, what had been reported by then is. */
    private record Mark(OffsetDateTime at, Map<TopicPartition, Long> ends) {}

    ActivityConsumer(Vertx vertx, Config config, Database database, MeterRegistry meters) {
        this.vertx = vertx;
        this.config = config;
        this.database = database;
        topic = new ActivityTopic(vertx, config.kafka(), config.activity(), KafkaMeters.consumer(meters, "activity"));
        places = new ActivityPlaces(config.kafka().activityTopic(), topic, meters);
        Gauge.builder("activity.lag.records", this, consumer -> consumer.lag)
                .description("Records of the activity topic that are not counted yet; 0 on a node that does not count")
                .register(meters);
        deadLetters = new DeadLetters(vertx, new DeadLetterTopic(vertx, config.kafka()), topic::describe, meters);
        lease = new Lease(vertx, database, "scaiwave.activity.consume", this::lost);
        loop = new Loop(
                vertx, "counting activity", new Loop.Pace(1, config.activity().retryMs(), STEP_MS), this);
    }

    void start() {
        vertx.setPeriodic(config.activity().retryMs(), timer -> loop.wake());
        vertx.setPeriodic(HOUSEKEEPING_MS, timer -> keepHouse());
        loop.wake();
    }

    /** The lock: another node counts. */
    private void lost() {
        positions.clear();
        lag = 0;
    }

    private void keepHouse() {
        if (lease.holding()) {
            ActivityStore.expire(database, config.activity().seenDays())
                    .onFailure(e -> LOG.warn("expiring events seen long ago failed: {}", e.toString()));
        }
    }

    /** A poll waits for events, so that the loop may go round at once. */
    @Override
    public Future<Loop.Found> run() {
        if (stopping) {
            return Future.succeededFuture(Loop.Found.NOTHING);
        }
        return lease.held().compose(mine -> {
            SqlConnection connection = lease.session();
            if (!mine || connection == null) {
                return Future.succeededFuture(Loop.Found.NOTHING);
            }
            return consume(connection).map(v -> stopping ? Loop.Found.NOTHING : Loop.Found.PLENTY);
        });
    }

    @Override
    public void givenUp() {
        lease.abandon();
        topic.forget(); // a consumer that does not answer would hold up the next run too
    }

    private Future<Void> consume(SqlConnection connection) {
        return place(connection)
                .compose(v -> topic.poll())
                .compose(records -> measure(records.size()).compose(v -> apply(connection, records)))
                .compose(v -> measure(0))
                .compose(v -> complete(connection))
                .onFailure(e -> {
                    positions.clear();
                    topic.failed(e);
                });
    }

    private Future<Void> measure(int inHand) {
        return topic.lag(positions.keySet())
                .onSuccess(behind -> lag = behind + inHand)
                .mapEmpty();
    }

    /** Goes to where PostgreSQL says, at first, after a failure, and when the topic has more partitions or was made again. */
    private Future<Void> place(SqlConnection connection) {
        if (!positions.isEmpty() && !partitionsDue.passed()) {
            return Future.succeededFuture();
        }
        Future<Void> there = positions.isEmpty() ? create() : Future.succeededFuture();
        return there.compose(v -> topic.describe()).compose(found -> {
            partitionsDue = Deadline.in(config.activity().partitionsMs());
            boolean placed = !positions.isEmpty() && found.equals(reading);
            return placed ? Future.succeededFuture() : place(connection, found);
        });
    }

    private Future<Void> create() {
        return deadLetters.create().compose(v -> topic.create());
    }

    private Future<Void> place(SqlConnection connection, Topics.Found found) {
        mark = null;
        positions.clear();
        if (reading != null && !Objects.equals(reading.id(), found.id())) {
            topic.forget();
        }
        reading = found;
        return places.find(connection, found)
                .compose(offsets -> topic.readFrom(offsets).onSuccess(v -> positions.putAll(offsets)));
    }

    private Future<Void> apply(SqlConnection connection, List<ConsumerRecord<byte[], byte[]>> records) {
        if (records.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Received> read = records.stream().map(Received::of).toList();
        Set<UUID> named =
                Received.events(read).stream().map(ActivityEvent::tenantId).collect(Collectors.toSet());
        return ActivityStore.tenants(connection, named).compose(tenants -> {
            List<Received> batch =
                    read.stream().map(each -> each.among(tenants)).toList();
            return deadLetters.send(Received.refusals(batch)).compose(v -> commit(connection, batch));
        });
    }

    /** When PostgreSQL refuses one of the events, the batch is halved until that one is found and set aside. */
    private Future<Void> commit(SqlConnection connection, List<Received> batch) {
        Map<Integer, Long> next = new HashMap<>();
        batch.forEach(each -> next.put(each.record().partition(), each.record().offset() + 1));
        ActivityStore.Progress progress =
                new ActivityStore.Progress(config.kafka().activityTopic(), Map.copyOf(positions), next);
        return ActivityStore.apply(connection, progress, Received.events(batch))
                .onSuccess(v -> positions.putAll(next))
                .recover(e -> isolate(connection, batch, e));
    }

    private Future<Void> isolate(SqlConnection connection, List<Received> batch, Throwable e) {
        String refusal = ActivityStore.refusal(e);
        if (refusal == null || Received.events(batch).isEmpty()) {
            return Future.failedFuture(e);
        }
        if (batch.size() == 1) {
            List<Received> refused = List.of(batch.get(0).refused(refusal));
            return deadLetters.send(refused).compose(v -> commit(connection, refused));
        }
        int half = batch.size() / 2;
        return commit(connection, batch.subList(0, half))
                .compose(v -> commit(connection, batch.subList(half, batch.size())));
    }

    /** Every while notes the time and where the topic ends, and when it has got there writes that time down. */
    private Future<Void> complete(SqlConnection connection) {
        if (mark != null) {
            return reached(connection, mark);
        }
        if (!markDue.passed()) {
            return Future.succeededFuture();
        }
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        return topic.ends(positions.keySet()).compose(ends -> {
            markDue = Deadline.in(config.activity().asOfMs());
            Mark set = new Mark(now, ends);
            mark = set;
            return reached(connection, set);
        });
    }

    private Future<Void> reached(SqlConnection connection, Mark set) {
        return topic.hasPassed(set.ends).compose(passed -> {
            if (!passed) {
                return Future.succeededFuture();
            }
            mark = null;
            return ActivityStore.complete(connection, set.at);
        });
    }

    Future<Void> stop() {
        stopping = true;
        return loop.stop(Deadline.in(STOP_MS))
                .eventually(topic::close)
                .eventually(deadLetters::close)
                .eventually(lease::close);
    }
}
