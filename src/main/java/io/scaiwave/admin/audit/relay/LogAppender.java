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
 * Moves events from the outbox to the log, batch by batch. A batch that cannot be appended because of what is in it is halved
 * until the event at fault stands alone; that one is parked, and the rest go on.
 */
final class LogAppender {
    private static final Logger LOG = LoggerFactory.getLogger(LogAppender.class);

    private final Database database;
    private final Config.Audit config;
    private final Shards shards;
    private int batch;

    LogAppender(Database database, Config.Audit config, Shards shards) {
        this.database = database;
        this.config = config;
        this.shards = shards;
        this.batch = config.batch();
    }

    /** Appends one batch, or parks one event. */
    Future<Loop.Found> step() {
        return shards.session().compose(session -> {
            Short[] held = shards.held();
            int asked = batch;
            return held.length == 0
                    ? Future.succeededFuture(Loop.Found.NOTHING)
                    : OutboxStore.appendBatch(session, held, asked, config)
                            .map(count -> {
                                batch = Math.min(config.batch(), batch * 2);
                                return count == 0
                                        ? Loop.Found.NOTHING
                                        : count < asked ? Loop.Found.SOMETHING : Loop.Found.PLENTY;
                            })
                            .recover(e -> poisoned(e) ? isolate(session, held, e) : Future.failedFuture(e));
        });
    }

    private Future<Loop.Found> isolate(SqlConnection session, Short[] held, Throwable e) {
        if (batch > 1) {
            batch /= 2;
            // A month without a partition is refused in the same way, and is no fault of the event's.
            return OutboxStore.makePartitions(database, config.monthsAhead()).compose(v -> step());
        }
        return OutboxStore.park(session, held, reason(e)).map(chain -> {
            LOG.error("an event of chain {} cannot be appended to the audit log and is parked", chain, e);
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
