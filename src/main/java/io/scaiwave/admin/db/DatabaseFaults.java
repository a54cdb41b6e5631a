package io.scaiwave.admin.db;

import io.scaiwave.admin.bus.Failure;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a database that is away, which is answered with 503, from a statement that is wrong, which is a bug. */
public final class DatabaseFaults {
    /**
     * Lost connection, no resources (disk, memory, connections), serialisation and deadlock, shutdown and statement timeout, input
     * and output: as classes of SQLSTATE.
     */
    private static final Set<String> AWAY_CLASSES = Set.of("08", "53", "40", "57", "58");

    private static final String READ_ONLY = "25006";
    private static final String DISK_FULL = "53100";

    private static final String LOCK_TIMEOUT = "55P03";
    private static final Set<String> LOCKED = Set.of(LOCK_TIMEOUT, "40P01");

    /** Lock timeout, a standby, transaction timeouts. */
    private static final Set<String> AWAY = Set.of(LOCK_TIMEOUT, READ_ONLY, "25P03", "25P04");

    private static final int CLASS = 2;

    private static final String SENTENCE = "the database does not answer; nothing was changed that was not confirmed";

    private static final String LOCKED_SENTENCE = "others are changing the same; nothing was changed, try again";

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseFaults.class);

    private DatabaseFaults() {}

    static <T> Future<T> translate(Throwable e) {
        if (e instanceof Failure || !away(e)) {
            return Future.failedFuture(e);
        }
        if (locked(e)) {
            return Future.failedFuture(
                    Failure.unavailable(LOCKED_SENTENCE)); // no fault of the database, and there may be many
        }
        LOG.warn("database away: {}", e.toString());
        return Future.failedFuture(Failure.unavailable(SENTENCE));
    }

    /** Whether another had locked what it was to change, for too long or in a circle. */
    static boolean locked(Throwable e) {
        return e instanceof PgException pg && LOCKED.contains(String.valueOf(pg.getSqlState()));
    }

    /** Whether this server takes no writes: another may have become the primary. */
    static boolean readOnly(Throwable e) {
        return e instanceof PgException pg && READ_ONLY.equals(pg.getSqlState());
    }

    /** Whether the database is there, and has no way or no room to store anything. */
    static boolean refusesWrites(Throwable e) {
        return readOnly(e) || (e instanceof PgException pg && DISK_FULL.equals(pg.getSqlState()));
    }

    /** Whether the same may succeed later, because of the state that the database or the way to it was in. */
    public static boolean away(Throwable e) {
        if (e instanceof PgException pg) {
            String state = String.valueOf(pg.getSqlState());
            return AWAY.contains(state) || AWAY_CLASSES.contains(state.substring(0, Math.min(CLASS, state.length())));
        }
        return e instanceof IOException || e instanceof TimeoutException || connectionLost(e);
    }

    /** The client reports a lost connection, a full wait queue and a parameter of the wrong type by the same exception. */
    private static boolean connectionLost(Throwable e) {
        return e instanceof VertxException && !String.valueOf(e.getMessage()).contains("arameter");
    }
}
