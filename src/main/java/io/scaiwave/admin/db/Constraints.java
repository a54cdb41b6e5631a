package io.scaiwave.admin.db;

import io.scaiwave.admin.bus.Failure;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.util.Map;

/** What the violation of a named constraint means to the caller. Each store names its own. */
public record Constraints(Map<String, Failure> byName) {
    public static final Constraints NONE = new Constraints(Map.of());

    public <T> Future<T> translate(Throwable e) {
        if (e instanceof PgException pg && pg.getConstraint() != null && byName.containsKey(pg.getConstraint())) {
            return Future.failedFuture(byName.get(pg.getConstraint()));
        }
        return Future.failedFuture(e);
    }
}
