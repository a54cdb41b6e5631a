package io.scaiwave.admin.audit;

import io.scaiwave.admin.Config;
import io.scaiwave.admin.bus.Loop;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Lease;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams audit events: from the outbox to the ends of their chains in the log, and from the log to Kafka. The bus only wakes it;
 * what counts is what stands in PostgreSQL, so that a crash anywhere loses nothing. One node drains at a time: the one whose
 * session holds the lock. It appends to the log through that session alone, so a node that lost the lock cannot append either.
 */
public final class AuditVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(AuditVerticle.class);
    private static final long STOP_MS = 5_000;
    private static final long HOUSEKEEPING_MS = TimeUnit.HOURS.toMillis(1);

    private final Config.Audit config;
    private final Config.Kafka kafka;
    private final String serverName;
    private final Database database;
    private Loop append;
    private Loop publish;
    private KafkaPublisher publisher;
    private Lease lease;

    public AuditVerticle(Config config, Database database) {
        this.config = config.audit();
        this.kafka = config.kafka();
        this.serverName = config.serverName();
        this.database = database;
    }

    @Override
    public Future<?> start() {
        lease = new Lease(database, "scaiwave.audit.drain", () -> publish.wake(), () -> {});
        append = new Loop(vertx, "the audit log", config.retryMs(), this::appendBatch);
        publish = new Loop(vertx, "streaming to Kafka", config.retryMs(), this::publishBatch);
        if (kafka.enabled()) {
            publisher = new KafkaPublisher(vertx, kafka, serverName);
        } else {
            LOG.warn("no SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS: audit entries are kept in PostgreSQL and not streamed");
        }
        vertx.setPeriodic(config.sweepMs(), timer -> append.wake());
        vertx.setPeriodic(HOUSEKEEPING_MS, timer -> keepHouse());
        keepHouse();
        append.wake();
        publish.wake();
        return AuditTrail.APPENDED.subscribe(vertx.eventBus(), event -> append.wake());
    }

    private void keepHouse() {
        AuditStore.makePartitions(database, config.monthsAhead())
                .onFailure(e -> LOG.error("no new partitions for the audit log", e));
        IdempotencyKeys.expire(database).onFailure(e -> LOG.warn("expired idempotency keys stay: {}", e.toString()));
    }

    private Future<Boolean> appendBatch() {
        return lease.held()
                .compose(mine -> !mine
                        ? Future.succeededFuture(false)
                        : AuditStore.appendBatch(lease.session(), config).map(count -> {
                            if (count > 0) {
                                publish.wake();
                            }
                            return count > 0;
                        }));
    }

    private Future<Boolean> publishBatch() {
        if (publisher == null || !lease.holding()) {
            return Future.succeededFuture(false);
        }
        return database.connected(connection -> AuditStore.unsent(connection, config))
                .compose(unsent -> unsent.entries().isEmpty()
                        ? Future.succeededFuture(false)
                        : publisher
                                .publish(unsent.entries())
                                .compose(v -> database.connected(
                                        connection -> AuditStore.sent(connection, unsent.positions())))
                                .map(v -> true));
    }

    @Override
    public Future<?> stop() {
        // What cannot be finished in time waits in PostgreSQL for the next node.
        return append.stop()
                .compose(v -> publish.stop())
                .timeout(STOP_MS, TimeUnit.MILLISECONDS)
                .otherwiseEmpty()
                .eventually(() -> publisher == null ? Future.succeededFuture() : publisher.close())
                .eventually(lease::close);
    }
}
