package io.scaiwave.admin.db;

import io.vertx.pgclient.PgException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The first connection to a database: one that is not there yet is waited for, for a bounded time; one that answers and refuses is
 * not, because it would refuse the same way for ever.
 */
public final class FirstContact {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String WRONG_CREDENTIALS = "28";

    /** No such database, no right to connect, and what poolers and drivers say of a client that they refuse. */
    private static final Set<String> REFUSALS = Set.of("3D000", "42501", "08P01", "08004");

    private final String database;
    private final Duration limit;
    private final Consumer<String> waiting;

    /**
     * @param database how messages name it; without its password
     * @param limit how long to wait for one that is not there
     * @param waiting is told of each failed try
     */
    public FirstContact(String database, Duration limit, Consumer<String> waiting) {
        this.database = database;
        this.limit = limit;
        this.waiting = waiting;
    }

    /**
     * What the attempt returns when it first succeeds; blocking.
     *
     * @throws UnfitDatabase when the database refuses
     * @throws AbsentDatabase when it is not there in time
     */
    public <T> T make(Callable<T> attempt) {
        long began = System.nanoTime();
        while (true) {
            try {
                return attempt.call();
            } catch (UnfitDatabase e) {
                throw e;
            } catch (Exception e) {
                String reason = reason(e);
                if (isRefusal(e)) {
                    throw new UnfitDatabase("%s refuses: %s".formatted(database, reason), e);
                }
                Duration left = limit.minusNanos(System.nanoTime() - began).minus(PAUSE);
                if (left.isNegative()) {
                    throw new AbsentDatabase(
                            "%s did not answer within %d s: %s".formatted(database, limit.toSeconds(), reason), e);
                }
                waiting.accept("waiting for %s, %d s more: %s".formatted(database, left.toSeconds() + 1, reason));
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the database", e);
        }
    }

    private static boolean isRefusal(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String state = state(cause);
            boolean refused = state != null && (state.startsWith(WRONG_CREDENTIALS) || REFUSALS.contains(state));
            if (refused || cause instanceof SSLHandshakeException) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String state(Throwable e) {
        if (e instanceof PgException pg) {
            return pg.getSqlState();
        }
        return e instanceof SQLException sql ? sql.getSQLState() : null;
    }

    private static String reason(Throwable e) {
        if (e instanceof PgException pg) {
            return String.valueOf(pg.getErrorMessage());
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
