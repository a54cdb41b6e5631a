package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.work.Loop;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves events from the outbox to the log, batch by batch. A batch that the log refuses is halved until the event at fault
 * stands alone: that one is parked, and the rest are appended.
 */
final class LogAppender implements Loop.Step {
    private static final Logger LOG = LoggerFactory.getLogger(LogAppender.class);

    private final Database database;
    private final Config.Audit config;
    private final Shards shards;
    private final Runnable appended;
    private int batch;

    /** @param appended what to do when there is more in the log */
    LogAppender(Database database, Config.Audit config, Shards shards, Runnable appended) {
        this.database = database;
        this.config = config;
        this.shards = shards;
        this.appended = appended;
        this.batch = config.batch();
    }

    /** Appends one batch, or parks one event. */
    @Override
    public Future<Loop.Found> run() {
        return step().onSuccess(found -> {
            if (found != Loop.Found.NOTHING) {
                appended.run();
            }
        });
    }

    @Override
    public void givenUp() {
        shards.abandon();
    }

    private Future<Loop.Found> step() {
        return shards.session().compose(session -> {
            Short[] held = shards.held();
            if (held.length == 0) {
                return Future.succeededFuture(Loop.Found.NOTHING);
            }
            return append(session, held).recover(e -> {
                if (poisoned(e)) {
                    return isolate(session, held, e);
                }
                return Future.failedFuture(e);
            });
        });
    }

    private Future<Loop.Found> append(SqlConnection session, Short[] held) {
        int asked = batch;
        return OutboxStore.appendBatch(session, held, asked, config).map(count -> {
            batch = Math.min(config.batch(), batch * 2);
            if (count == 0) {
                return Loop.Found.NOTHING;
            }
            return count < asked ? Loop.Found.SOMETHING : Loop.Found.PLENTY;
        });
    }

    private Future<Loop.Found> isolate(SqlConnection session, Short[] held, Throwable e) {
        if (batch > 1) {
            batch /= 2;
            // A month without a partition is refused in the same way, and is no fault of the event's.
            return OutboxStore.makePartitions(database, config.monthsAhead()).compose(v -> step());
        }
        return OutboxStore.park(session, held, reason(e)).map(chain -> {
            LOG.error("the log refuses an event of chain {}, it is parked", chain, e);
            return Loop.Found.PLENTY;
        });
    }

    private static String reason(Throwable e) {
        return e instanceof PgException pg ? pg.getSqlState() + " " + pg.getErrorMessage() : e.toString();
    }

    /** Whether the content is at fault (data exception, violated constraint, no canonical form), not the database. */
    private static boolean poisoned(Throwable e) {
        if (e instanceof PgException pg) {
            String state = String.valueOf(pg.getSqlState());
            return state.startsWith("22") || state.startsWith("23");
        }
        return e instanceof RuntimeException && !(e instanceof VertxException);
    }
}
