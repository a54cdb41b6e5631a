package io.scaiwave.admin.stats;

import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Counts what the platform reports. Starts and stops {@link ActivityConsumer}. */
public final class ActivityVerticle extends VerticleBase {
    private final Config config;
    private final Database database;
    private final MeterRegistry meters;
    private ActivityConsumer consumer;

    public ActivityVerticle(Config config, Database database, MeterRegistry meters) {
        this.config = config;
        this.database = database;
        this.meters = meters;
    }

    @Override
    public Future<?> start() {
        consumer = new ActivityConsumer(vertx, config, database, meters);
        consumer.start();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return consumer.stop();
    }
}
