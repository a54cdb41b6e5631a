package io.scaiwave.admin.audit;

import io.scaiwave.admin.db.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets Idempotency-Keys that have expired, every hour. */
public final class IdempotencyKeysVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyKeysVerticle.class);
    private static final long EXPIRY_MS = TimeUnit.HOURS.toMillis(1);

    private final Database database;

    public IdempotencyKeysVerticle(Database database) {
        this.database = database;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(0, EXPIRY_MS, timer -> expire());
        return Future.succeededFuture();
    }

    private void expire() {
        IdempotencyKeys.expire(database).onFailure(e -> LOG.warn("expiring idempotency keys failed: {}", e.toString()));
    }
}
