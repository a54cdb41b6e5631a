package io.scaiwave.admin.settings;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.config.Secrets;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.work.Loop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Counts the API keys that are not under the current secret key: while there are any, no older one can be dropped. */
public final class OlderKeysVerticle extends VerticleBase {
    /** Longer than the timeouts of all that a count does. */
    private static final long STEP_MS = 60_000;

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
        Loop counting = new Loop(
                vertx, "counting API keys under older keys", new Loop.Pace(everyMs, everyMs, STEP_MS), this::count);
        vertx.setPeriodic(0, everyMs, timer -> counting.wake());
        return Future.succeededFuture();
    }

    private Future<Loop.Found> count() {
        return AiConfigStore.older(database, secrets.current()).map(count -> {
            older = count;
            return Loop.Found.NOTHING;
        });
    }
}
