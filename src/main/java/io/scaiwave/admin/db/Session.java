package io.scaiwave.admin.db;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;

/**
 * One PostgreSQL session kept open for the advisory locks that it holds. PostgreSQL ends a session that is silent for the lease's
 * time, whatever became of its node: killed, frozen or cut off. Its locks are then free for others, and whatever the node still
 * wants to write through it fails. A live node says something often enough. To be used on one event loop only.
 */
public final class Session {
    private static final int BEATS_PER_LEASE = 5;

    private final Database database;
    private final Runnable lost;
    private SqlConnection connection;
    private boolean beating;

    /**
     * A session that is opened when it is first asked for.
     *
     * @param lost what to do when it has ended
     */
    public Session(Vertx vertx, Database database, Runnable lost) {
        this.database = database;
        this.lost = lost;
        vertx.setPeriodic(database.leaseMs() / BEATS_PER_LEASE, timer -> beat());
    }

    /** The session, opened anew if the last one has ended. */
    public Future<SqlConnection> open() {
        return connection != null
                ? Future.succeededFuture(connection)
                : database.session().onSuccess(fresh -> {
                    connection = fresh;
                    fresh.closeHandler(closed -> {
                        if (connection == fresh) {
                            connection = null;
                            lost.run();
                        }
                    });
                });
    }

    /** Null when there is none at the moment. */
    public SqlConnection current() {
        return connection;
    }

    private void beat() {
        if (connection != null && !beating) {
            beating = true;
            connection.query("SELECT 1").execute().onComplete(done -> beating = false);
        }
    }

    public Future<Void> close() {
        return connection == null ? Future.succeededFuture() : connection.close();
    }
}
