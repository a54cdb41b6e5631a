package io.scaiwave.admin.db;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.io.Serial;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL session kept open for the advisory locks that it holds. PostgreSQL ends a session that is silent for the lease's
 * time, whatever became of its node: killed, frozen or cut off. Its locks are then free for others, and whatever the node still
 * wants to write through it fails. A live node says something often enough. To be used on one event loop only.
 */
public final class Session {
    private static final int BEATS_PER_LEASE = 5;

    private final Context context;
    private final Database database;
    private final Runnable lost;
    private @Nullable SqlConnection connection;
    private boolean beating;

    /**
     * A session that is opened when it is first asked for.
     *
     * @param lost what to do when it has ended
     */
    public Session(Vertx vertx, Database database, Runnable lost) {
        this.context = vertx.getOrCreateContext();
        this.database = database;
        this.lost = lost;
        vertx.setPeriodic(database.leaseMs() / BEATS_PER_LEASE, timer -> beat());
    }

    /**
     * The session, opened anew if the last one has ended. Fails with {@link NotOne} when it is none, because a pooler in between
     * hands its server connection to others.
     */
    public Future<SqlConnection> open() {
        if (connection != null) {
            return Future.succeededFuture(connection);
        }
        return database.session()
                .compose(fresh -> proved(fresh).onFailure(e -> fresh.close()))
                .onSuccess(fresh -> {
                    connection = fresh;
                    // The connection has an event loop of its own.
                    fresh.closeHandler(closed -> context.runOnContext(v -> end(fresh)));
                });
    }

    /** The session does not keep what was set in it: locks taken in it would be nobody's. */
    public static final class NotOne extends IllegalStateException {
        @Serial
        private static final long serialVersionUID = 1;

        NotOne() {
            super("the sessions with PostgreSQL do not keep their settings: a pooler in between must pool sessions, not"
                    + " transactions or statements");
        }
    }

    private static final String MARK = "SELECT set_config('scaiwave.session', '%s', false)";

    private static final String PROVE = """
            SELECT current_setting('scaiwave.session', true) = '%s'
                   AND (SELECT setting::int FROM pg_settings WHERE name = 'idle_session_timeout') = %d AS proved
            """;

    /**
     * Marks this session and then another: where both go to one connection of the server, the first mark is gone. Without prepared
     * statements, since such a pooler may not know them either.
     */
    private Future<SqlConnection> proved(SqlConnection fresh) {
        UUID mark = UuidV7.next();
        return fresh.query(MARK.formatted(mark))
                .execute()
                .compose(v -> database.session())
                .compose(other ->
                        other.query(MARK.formatted("another")).execute().onComplete(done -> other.close()))
                .compose(v ->
                        fresh.query(PROVE.formatted(mark, database.leaseMs())).execute())
                .compose(rows -> {
                    boolean proved = Boolean.TRUE.equals(Rows.first(rows, row -> row.getBoolean("proved")));
                    return proved ? Future.succeededFuture(fresh) : Future.failedFuture(new NotOne());
                });
    }

    public @Nullable SqlConnection current() {
        return connection;
    }

    /**
     * Gives the session up without a word, when it does not answer. It is not given back, because it may still hold its locks:
     * PostgreSQL ends it, and until then nobody else gets them.
     */
    public void abandon() {
        end(connection);
    }

    private void end(@Nullable SqlConnection ended) {
        if (ended != null && connection == ended) {
            connection = null;
            beating = false; // a beat that is never answered is that session's, not the next one's
            lost.run();
        }
    }

    /** A connection that ended before it could be listened to is found out here: it answers nothing but that it is closed. */
    private void beat() {
        SqlConnection beaten = connection;
        if (beaten != null && !beating) {
            beating = true;
            beaten.query("SELECT 1").execute().onComplete(done -> {
                if (connection == beaten) {
                    beating = false;
                }
                if (done.failed() && !(done.cause() instanceof PgException)) {
                    end(beaten);
                }
            });
        }
    }

    public Future<Void> close() {
        return connection == null ? Future.succeededFuture() : connection.close();
    }
}
