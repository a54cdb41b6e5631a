package io.scaiwave.admin.settings;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.config.Secrets;
import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the API keys that are not under the current secret key: while there are any, no older one can be dropped. */
public final class OlderKeysVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(OlderKeysVerticle.class);

    private final Database database;
    private final Secrets secrets;
    private final long everyMs;
    private volatile long older;

    public OlderKeysVerticle(Database database, Secrets secrets, MeterRegistry meters, long everyMs) {
        this.database = database;
        this.secrets = secrets;
        this.everyMs = everyMs;
        Gauge.builder("admin.secrets.older.keys", () -> older)
                .description(
                        "API keys that are not encrypted with the first of SCAIWAVE_SECRET_KEYS; 10,000 stands for more")
                .register(meters);
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(0, everyMs, timer -> count());
        return Future.succeededFuture();
    }

    private void count() {
        AiConfigStore.older(database, secrets.current())
                .onSuccess(count -> older = count)
                .onFailure(e -> LOG.warn("counting API keys under older keys failed: {}", e.toString()));
    }
}
