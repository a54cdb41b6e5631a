package io.scaiwave.admin.audit.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.audit.AuditTrail;
import io.scaiwave.admin.audit.IdempotencyKeys;
import io.scaiwave.admin.audit.entry.ChainHead;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.work.Loop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams audit events: from the outbox to the ends of their chains in the log, and from the log to Kafka. The bus only wakes it;
 * what counts is what stands in PostgreSQL, so that a crash anywhere loses nothing. Each node drains the {@link Shards} it holds.
 */
public final class AuditRelayVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(AuditRelayVerticle.class);
    private static final AuditTrail.Logged LOGGED = new AuditTrail.Logged();
    /** Longer than the timeouts of all that a step does; a future that is never completed must not end the trail. */
    private static final long STEP_MS = 60_000;

    private static final long STOP_MS = 5_000;
    private static final long HOUSEKEEPING_MS = TimeUnit.HOURS.toMillis(1);

    private final Config config;
    private final Database database;
    private final MeterRegistry meters;
    private final CheckpointKeys keys;
    private Shards shards;
    private LogAppender writer;
    private Loop append;
    private Loop publish;
    private Loop checkpoint;
    private KafkaPublisher publisher;
    private Counter published;
    private Counter failures;
    private volatile Backlog backlog = Backlog.NONE;

    public AuditRelayVerticle(Config config, Database database, MeterRegistry meters) {
        this.config = config;
        this.database = database;
        this.meters = meters;
        this.keys =
                CheckpointKeys.of(config.audit().signingKeys(), config.secrets().keys());
    }

    @Override
    public Future<?> start() {
        Config.Audit audit = config.audit();
        shards = new Shards(vertx, database, audit.balanceMs(), () -> {
            // Another node may have left entries unsent and heads unsigned, or this one when it was here before.
            publish.wake();
            checkpoint.wake();
        });
        writer = new LogAppender(database, audit, shards);
        append = new Loop(vertx, "the audit log", new Loop.Pauses(audit.batchMs(), audit.retryMs()), this::appendBatch);
        publish = new Loop(
                vertx, "streaming to Kafka", new Loop.Pauses(audit.publishMs(), audit.retryMs()), this::publishBatch);
        checkpoint = new Loop(
                vertx,
                "checkpoints of the audit log",
                new Loop.Pauses(audit.publishMs(), audit.retryMs()),
                this::signHeads);
        if (config.kafka().enabled()) {
            publisher = new KafkaPublisher(vertx, config);
        } else {
            LOG.warn("no SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS: audit entries are kept in PostgreSQL and not streamed");
        }
        measureInto(meters);
        vertx.setPeriodic(audit.sweepMs(), timer -> append.wake());
        vertx.setPeriodic(audit.gaugesMs(), timer -> measure());
        vertx.setPeriodic(audit.checkpointMs(), timer -> checkpoint.wake());
        vertx.setPeriodic(HOUSEKEEPING_MS, timer -> keepHouse());
        keepHouse();
        OutboxStore.unpark(database).onFailure(e -> LOG.warn("parked events stay parked: {}", e.toString()));
        append.wake();
        return AuditTrail.APPENDED.subscribe(vertx.eventBus(), event -> append.wake());
    }

    private void keepHouse() {
        OutboxStore.makePartitions(database, config.audit().monthsAhead())
                .onFailure(e -> LOG.error("no new partitions for the audit log", e));
        IdempotencyKeys.expire(database).onFailure(e -> LOG.warn("expired idempotency keys stay: {}", e.toString()));
    }

    private Future<Loop.Found> appendBatch() {
        return writer.step()
                .timeout(STEP_MS, TimeUnit.MILLISECONDS)
                .onFailure(e -> {
                    if (e instanceof TimeoutException) {
                        shards.abandon();
                    }
                })
                .onSuccess(found -> {
                    if (found != Loop.Found.NOTHING) {
                        publish.wake();
                        AuditTrail.LOGGED.publish(vertx.eventBus(), LOGGED);
                    }
                });
    }

    private Future<Loop.Found> publishBatch() {
        Short[] held = shards.held();
        if (publisher == null || held.length == 0) {
            return Future.succeededFuture(Loop.Found.NOTHING);
        }
        return UnsentStore.unsent(database, held, config.audit())
                .compose(unsent -> unsent.entries().isEmpty()
                        ? Future.succeededFuture(Loop.Found.NOTHING)
                        : send(unsent)
                                .map(found(
                                        unsent.entries().size(), config.audit().batch())))
                .timeout(STEP_MS, TimeUnit.MILLISECONDS);
    }

    private static Loop.Found found(int count, int atMost) {
        return count >= atMost ? Loop.Found.PLENTY : Loop.Found.SOMETHING;
    }

    private Future<Void> send(UnsentStore.Unsent unsent) {
        return publisher
                .publish(unsent.entries())
                .onFailure(e -> failures.increment())
                .compose(refused -> {
                    refused.forEach((id, reason) -> LOG.error("Kafka does not take entry {}: parked, {}", id, reason));
                    failures.increment(refused.size());
                    published.increment(unsent.entries().size() - (double) refused.size());
                    return UnsentStore.done(database, unsent.positions(), refused);
                });
    }

    /** One round: heads that go on moving are signed in the next one. */
    private Future<Loop.Found> signHeads() {
        Short[] held = shards.held();
        return held.length == 0
                ? Future.succeededFuture(Loop.Found.NOTHING)
                : CheckpointStore.moved(database, held)
                        .compose(heads -> heads.isEmpty()
                                ? Future.succeededFuture()
                                : sign(heads).compose(signed -> CheckpointStore.keep(database, signed)))
                        .compose(v -> publisher == null ? Future.succeededFuture(0) : publishCheckpoints(held))
                        .map(count -> count >= CheckpointStore.ROUND_MAX ? Loop.Found.PLENTY : Loop.Found.NOTHING);
    }

    /** A signature takes a fraction of a millisecond; thousands are no work for an event loop. */
    private Future<List<Checkpoint>> sign(List<ChainHead> heads) {
        return vertx.executeBlocking(() -> heads.stream()
                .map(head -> keys.sign(head.chain(), Checkpoint.HEAD, head.seq(), head.hash()))
                .toList());
    }

    private Future<Integer> publishCheckpoints(Short[] held) {
        return CheckpointStore.unpublished(database, held)
                .compose(signed -> signed.isEmpty()
                        ? Future.succeededFuture(0)
                        : publisher
                                .publishCheckpoints(signed)
                                .compose(v -> CheckpointStore.published(database, signed))
                                .map(signed.size()));
    }

    /** The backlog is that of all nodes together; the counters are this node's. */
    private void measureInto(MeterRegistry registry) {
        published = Counter.builder("audit.published")
                .description("Entries that Kafka has acknowledged")
                .register(registry);
        failures = Counter.builder("audit.publish.failures")
                .description("Batches that had to be sent anew, and entries that Kafka does not take")
                .register(registry);
        boolean streaming = config.kafka().enabled();
        gauge("audit.outbox.pending", "Events on their way to the log and to Kafka", now -> now.pending(streaming));
        gauge("audit.outbox.oldest.age", "Age of the oldest of them", now -> now.oldestAgeSeconds(streaming));
        gauge("audit.parked", "Events and entries set aside because they cannot go on", Backlog::parked);
    }

    private void gauge(String name, String description, Function<Backlog, Number> value) {
        Gauge.builder(name, () -> value.apply(backlog))
                .description(description)
                .baseUnit(name.endsWith("age") ? "seconds" : null)
                .register(meters);
    }

    private void measure() {
        Backlog.measure(database).onSuccess(now -> backlog = now);
    }

    @Override
    public Future<?> stop() {
        // What cannot be finished in time waits in PostgreSQL for the next node.
        return append.stop()
                .compose(v -> publish.stop())
                .compose(v -> checkpoint.stop())
                .timeout(STOP_MS, TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                .eventually(() -> publisher == null ? Future.succeededFuture() : publisher.close())
                .eventually(shards::close);
    }
}
