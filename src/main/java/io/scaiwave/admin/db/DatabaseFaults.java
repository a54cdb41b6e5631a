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
final class DatabaseFaults {
    /** Shutdown, crash, start-up, too many connections, statement timeout, lost connection, lock timeout, serialisation, deadlock. */
    private static final Set<String> AWAY =
            Set.of("57P01", "57P02", "57P03", "53300", "57014", "55P03", "40001", "40P01", "25006");

    private static final String SENTENCE = "the database does not answer; nothing was changed that was not confirmed";

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseFaults.class);

    private DatabaseFaults() {}

    static <T> Future<T> translate(Throwable e) {
        if (e instanceof Failure || !away(e)) {
            return Future.failedFuture(e);
        }
        LOG.warn("database away: {}", e.toString());
        return Future.failedFuture(Failure.unavailable(SENTENCE));
    }

    private static boolean away(Throwable e) {
        if (e instanceof PgException pg) {
            String state = pg.getSqlState() == null ? "" : pg.getSqlState();
            return AWAY.contains(state) || state.startsWith("08");
        }
        return e instanceof IOException || e instanceof TimeoutException || connectionLost(e);
    }

    /** The client reports a lost connection, a full wait queue and a parameter of the wrong type by the same exception. */
    private static boolean connectionLost(Throwable e) {
        return e instanceof VertxException && !String.valueOf(e.getMessage()).contains("arameter");
    }
}
