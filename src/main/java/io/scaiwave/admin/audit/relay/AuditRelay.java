package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.work.Deadline;
import io.scaiwave.admin.work.Loop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of audit events: from the outbox to the ends of their chains in the log, and from the log to Kafka. The bus only wakes it;
 * what counts is what stands in PostgreSQL, so that a crash anywhere loses nothing. Each node drains the {@link Shards} it holds.
 * To be used on one event loop only.
 */
final class AuditRelay {
    private static final Logger LOG = LoggerFactory.getLogger(AuditRelay.class);
    /** Longer than the timeouts of all that a step does. */
    private static final long STEP_MS = 60_000;

    private static final long CLOCKS_MS = 1_000;
    private static final long STOP_MS = 5_000;
    private static final int UNPARKED_AT_ONCE = 100;
    private static final long UNPARK_MS = 2_000;
    private static final long PARTITIONS_MS = TimeUnit.HOURS.toMillis(1);

    private final Vertx vertx;
    private final Config.Audit config;
    private final Database database;
    private final RelayMeters meters;
    private final Shards shards;
    private final ClockWatch clocks;
    private final Forks forks;
    private final Loop append;
    private final Loop sign;
    private final Optional<KafkaStreaming> streaming;

    AuditRelay(Vertx vertx, Config config, Database database, RelayMeters meters) {
        this.vertx = vertx;
        this.config = config.audit();
        this.database = database;
        this.meters = meters;
        this.shards = new Shards(
                vertx,
                database,
                this.config.balanceMs(),
                new Shards.Listener(this::takeOver, problem -> meters.say("sessions", problem)));
        this.clocks = ClockWatch.of(this.config.clockSkewMs(), problem -> meters.say("clocks", problem));
        this.forks = new Forks(vertx, database, config, problem -> meters.say("restored", problem));
        LogAppender.Writing writing = new LogAppender.Writing(shards, clocks, forks);
        meters.watch(writing);
        LogAppender appender = new LogAppender(database, config, writing, this::appended);
        this.append = new Loop(vertx, "appending to the audit log", pace(this.config.batchMs()), appender);
        CheckpointKeys keys =
                CheckpointKeys.of(config.audit().signingKeys(), config.secrets().keys());
        CheckpointSigner signer = new CheckpointSigner(vertx, database, writing, keys);
        this.sign = new Loop(
                vertx, "signing checkpoints of the audit log", pace(this.config.publishMs()), () -> signer.signHeads()
                        .onSuccess(this::signed));
        this.streaming = streaming(config, writing);
    }

    private Optional<KafkaStreaming> streaming(Config all, LogAppender.Writing writing) {
        if (!all.kafka().enabled()) {
            LOG.warn("no SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS: audit entries are kept in PostgreSQL and not streamed");
            return Optional.empty();
        }
        KafkaPublisher kafka = new KafkaPublisher(vertx, all, meters);
        EntryPublisher entries = new EntryPublisher(database, config, shards, kafka);
        CheckpointPublisher checkpoints = new CheckpointPublisher(database, writing, kafka);
        return Optional.of(new KafkaStreaming(
                kafka,
                new Loop(vertx, "streaming the audit log to Kafka", pace(config.publishMs()), entries::publishBatch),
                new Loop(vertx, "streaming checkpoints to Kafka", pace(config.publishMs()), () -> checkpoints
                        .publish()
                        .onSuccess(found -> headsDone(found)))));
    }

    private Loop.Pace pace(long batchMs) {
        return new Loop.Pace(batchMs, config.retryMs(), STEP_MS);
    }

    Future<Void> start() {
        vertx.setPeriodic(config.sweepMs(), timer -> append.wake());
        vertx.setPeriodic(CLOCKS_MS, timer -> clocks.look(database));
        vertx.setPeriodic(config.gaugesMs(), timer -> meters.measure(database));
        vertx.setPeriodic(config.checkpointMs(), timer -> sign.wake());
        vertx.setPeriodic(PARTITIONS_MS, timer -> makePartitions());
        makePartitions();
        OutboxStore.lastParked(database)
                .compose(this::unpark)
                .onFailure(e -> LOG.warn("unparking events failed: {}", e.toString()));
        append.wake();
        return AuditTrail.APPENDED.subscribe(vertx.eventBus(), append::wake);
    }

    /** This may be the release that takes them. A few at a time: those that it refuses again must not keep the others waiting. */
    private Future<Void> unpark(long upTo) {
        return OutboxStore.unpark(database, upTo, UNPARKED_AT_ONCE).compose(count -> {
            append.wake();
            if (count < UNPARKED_AT_ONCE) {
                return Future.succeededFuture();
            }
            return vertx.timer(UNPARK_MS, TimeUnit.MILLISECONDS).compose(v -> unpark(upTo));
        });
    }

    private void makePartitions() {
        OutboxStore.makePartitions(database, config.monthsAhead())
                .onFailure(e -> LOG.error("making partitions of the audit log failed", e));
    }

    /** Another node may have left entries unsent and heads unsigned, or this one when it was here before. */
    private void takeOver() {
        forks.lookAgain();
        streaming.ifPresent(kafka -> kafka.entries().wake());
        sign.wake();
    }

    private void appended() {
        streaming.ifPresent(kafka -> kafka.entries().wake());
        AuditTrail.LOGGED.publish(vertx.eventBus());
    }

    private void signed(Loop.Found found) {
        streaming.ifPresentOrElse(kafka -> kafka.checkpoints().wake(), () -> headsDone(found));
    }

    private void headsDone(Loop.Found found) {
        if (found != Loop.Found.PLENTY) {
            meters.headsDone();
        }
    }

    /** What cannot be finished in time waits in PostgreSQL for the next node. */
    Future<Void> stop() {
        Deadline until = Deadline.in(STOP_MS);
        return append.stop(until)
                .compose(v -> sign.stop(until))
                .compose(v -> streaming.map(kafka -> kafka.stop(until)).orElse(Future.succeededFuture()))
                .eventually(shards::close);
    }
}
