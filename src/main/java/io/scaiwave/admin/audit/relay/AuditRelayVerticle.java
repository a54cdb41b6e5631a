package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Streams audit events from the outbox to the log, and from the log to Kafka. Starts and stops {@link AuditRelay}. */
public final class AuditRelayVerticle extends VerticleBase {
    private final Config config;
    private final Database database;
    private final RelayMeters meters;
    private AuditRelay relay;

    public AuditRelayVerticle(Config config, Database database, RelayObservers observers) {
        this.config = config;
        this.database = database;
        this.meters = new RelayMeters(observers, config.kafka().enabled());
    }

    @Override
    public Future<?> start() {
        relay = new AuditRelay(vertx, config, database, meters);
        return relay.start();
    }

    @Override
    public Future<?> stop() {
        return relay.stop();
    }
}
