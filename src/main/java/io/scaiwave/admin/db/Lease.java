package io.scaiwave.admin.db;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * What only one node does at a time: whoever's {@link Session} holds the advisory lock of that name. What is written through that
 * session alone cannot be written by a node that has lost the lock. To be used on one event loop only.
 */
public final class Lease {
    private static final String LOCK = "SELECT pg_try_advisory_lock(hashtext($1)) AS held";

    private final Session session;
    private final String name;
    private boolean holding;

    /**
     * A lease that is taken when it is first asked for.
     *
     * @param lost what to do when its session ends
     */
    public Lease(Vertx vertx, Database database, String name, Runnable lost) {
        this.name = name;
        this.session = new Session(vertx, database, () -> {
            holding = false;
            lost.run();
        });
    }

    /** Whether this node holds it; takes it when it is free. */
    public Future<Boolean> held() {
        return session.open().compose(connection -> {
            if (holding) {
                return Future.succeededFuture(true);
            }
            return connection
                    .preparedQuery(LOCK)
                    .execute(Tuple.of(name))
                    .map(rows -> Rows.first(rows, row -> row.getBoolean("held")))
                    .onSuccess(held -> holding = held);
        });
    }

    /** Whether this node held it when it last asked. */
    public boolean holding() {
        return holding;
    }

    /** The session that holds the lock. */
    public @Nullable SqlConnection session() {
        return session.current();
    }

    /** When the session does not answer. */
    public void abandon() {
        session.abandon();
    }

    public Future<Void> close() {
        return session.close();
    }
}
