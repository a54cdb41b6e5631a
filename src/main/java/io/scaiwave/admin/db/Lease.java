package io.scaiwave.admin.db;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/**
 * What only one node does at a time: whoever's session holds the advisory lock of that name. The lock goes with the session, so
 * what is written through {@link #session} alone cannot be written by a node that has lost it. To be used on one event loop only.
 */
public final class Lease {
    private static final String LOCK = "SELECT pg_try_advisory_lock(hashtext($1)) AS held";

    private final Database database;
    private final String name;
    private final Runnable taken;
    private final Runnable lost;
    private SqlConnection session;
    private boolean holding;

    /**
     * A lease that is taken when it is first asked for.
     *
     * @param taken what to do when this node takes it
     * @param lost what to do when its session ends
     */
    public Lease(Database database, String name, Runnable taken, Runnable lost) {
        this.database = database;
        this.name = name;
        this.taken = taken;
        this.lost = lost;
    }

    /** Whether this node holds it; takes it when it is free. */
    public Future<Boolean> held() {
        if (session == null) {
            return database.session().compose(connection -> {
                session = connection;
                connection.closeHandler(closed -> {
                    session = null;
                    holding = false;
                    lost.run();
                });
                return held();
            });
        }
        return holding ? Future.succeededFuture(true) : take();
    }

    private Future<Boolean> take() {
        return session.preparedQuery(LOCK)
                .execute(Tuple.of(name))
                .map(rows -> Rows.first(rows, row -> row.getBoolean("held")))
                .onSuccess(held -> {
                    holding = held;
                    if (held) {
                        taken.run();
                    }
                });
    }

    /** Whether this node held it when it last asked. */
    public boolean holding() {
        return holding;
    }

    /** The session that holds the lock; null when there is none. */
    public SqlConnection session() {
        return session;
    }

    public Future<Void> close() {
        return session == null ? Future.succeededFuture() : session.close();
    }
}
