package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.DatabaseFaults;
import io.scaiwave.admin.work.Loop;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves events from the outbox to the log, batch by batch. A batch that the log refuses is halved until the event at fault
 * stands alone: that one is parked, whatever the error, and the rest are appended. Nothing is parked while the database is away.
 */
final class LogAppender implements Loop.Step {
    private static final Logger LOG = LoggerFactory.getLogger(LogAppender.class);
    private static final int REASON_MAX = 1_000;

    /** What must be in order before anything is written. */
    record Writing(Shards shards, ClockWatch clocks, Forks forks) {}

    private final Database database;
    private final Config.Audit config;
    private final boolean streaming;
    private final Shards shards;
    private final ClockWatch clocks;
    private final Forks forks;
    private final Runnable appended;
    private int batch;

    /** @param appended what to do when there is more in the log */
    LogAppender(Database database, Config all, Writing writing, Runnable appended) {
        this.database = database;
        this.config = all.audit();
        this.streaming = all.kafka().enabled();
        this.shards = writing.shards;
        this.clocks = writing.clocks;
        this.forks = writing.forks;
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
        if (clocks.differ()) {
            // Another node, whose clock is right, takes them.
            shards.abandon();
            return Future.succeededFuture(Loop.Found.NOTHING);
        }
        return shards.session().compose(session -> {
            Short[] held = shards.held();
            if (held.length == 0) {
                return Future.succeededFuture(Loop.Found.NOTHING);
            }
            return forks.mayAppend()
                    .compose(may -> may ? append(session, held) : Future.succeededFuture(Loop.Found.NOTHING));
        });
    }

    private Future<Loop.Found> append(SqlConnection session, Short[] held) {
        int asked = batch;
        return append(session, held, asked).recover(e -> smaller(session, held, asked, e));
    }

    private Future<Loop.Found> append(SqlConnection session, Short[] held, int asked) {
        return OutboxStore.appendBatch(by(session), held, asked, config).map(count -> {
            batch = Math.min(config.batch(), batch * 2);
            if (count == 0) {
                return Loop.Found.NOTHING;
            }
            return count < asked ? Loop.Found.SOMETHING : Loop.Found.PLENTY;
        });
    }

    /** What took too long as a whole is smaller the next time, too. */
    private Future<Loop.Found> smaller(SqlConnection session, Short[] held, int asked, Throwable e) {
        if (e instanceof ClockWatch.ClocksDiffer) {
            return step();
        }
        batch = Math.max(1, asked / 2);
        if (DatabaseFaults.away(e)) {
            database.noticed(e);
            return Future.failedFuture(e);
        }
        if (asked == 1) {
            return alone(session, held);
        }
        // A month without a partition is refused in the same way, and is no fault of the event's.
        return OutboxStore.makePartitions(database, config.monthsAhead())
                .otherwiseEmpty()
                .compose(v -> step());
    }

    /** The oldest event once more, by its place: what came before it meanwhile is not at fault. */
    private Future<Loop.Found> alone(SqlConnection session, Short[] held) {
        return OutboxStore.oldest(by(session), held).compose(position -> {
            if (position == null) {
                return Future.succeededFuture(Loop.Found.NOTHING);
            }
            return OutboxStore.appendOne(by(session), position)
                    .map(Loop.Found.PLENTY)
                    .recover(e -> isNotTheEvents(e) ? Future.failedFuture(e) : park(session, position, e));
        });
    }

    private OutboxStore.Appending by(SqlConnection session) {
        return new OutboxStore.Appending(session, clocks, forks, streaming);
    }

    private static boolean isNotTheEvents(Throwable e) {
        return DatabaseFaults.away(e) || e instanceof ClockWatch.ClocksDiffer;
    }

    /** Whatever its error, an event is at fault when the log takes another. When it takes none, nothing is parked. */
    private Future<Loop.Found> park(SqlConnection session, long position, Throwable e) {
        return OutboxStore.probe(by(session))
                .compose(v -> OutboxStore.park(session, position, reason(e)))
                .map(chain -> {
                    LOG.error("the log refuses an event of chain {}, it is parked", chain, e);
                    return Loop.Found.PLENTY;
                });
    }

    /** Bounded, and without what a text of PostgreSQL cannot hold: parking must not fail for what it says. */
    private static String reason(Throwable e) {
        String reason = e instanceof PgException pg ? pg.getSqlState() + " " + pg.getErrorMessage() : e.toString();
        return reason.substring(0, Math.min(reason.length(), REASON_MAX)).replace('\0', ' ');
    }
}
