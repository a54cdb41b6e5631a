package io.scaiwave.admin.db;

import io.scaiwave.admin.config.PostgresUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives blocking work up when its database has gone silent. A statement may take as long as it needs: what tells it from silence is whether
 * a new connection is answered meanwhile.
 */
public final class Pulse {
    private static final String NO_CONNECTION = "08";

    /** What is done with the database. */
    public interface Work<T, E extends Exception> {
        T run() throws E;
    }

    private final PostgresUrl url;
    private final Duration silentMax;

    /** @param silentMax how long a connection may take to be made; how often that is tried while the work lasts, too */
    public Pulse(PostgresUrl url, Duration silentMax) {
        this.url = url;
        this.silentMax = silentMax;
    }

    /**
     * What the work returns or throws, within twice the time when there is silence.
     *
     * @throws AbsentDatabase when the database is silent; the work's thread, which nobody can wake, then ends with the process
     */
    public <T, E extends Exception> T during(Work<T, E> work) throws E {
        FutureTask<T> task = new FutureTask<>(work::run);
        Thread thread = new Thread(task, "database-work");
        thread.setDaemon(true);
        thread.start();
        while (true) {
            try {
                return task.get(silentMax.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                requireAnswer(task);
            } catch (ExecutionException e) {
                throw reason(work, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the database was waited for", e);
            }
        }
    }

    @SuppressWarnings({"unchecked", "unused"}) // this work throws no other
    private static <E extends Exception> E reason(Work<?, E> work, ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return (E) Objects.requireNonNull(e.getCause());
    }

    /** A refusal is an answer. */
    private void requireAnswer(FutureTask<?> task) {
        try {
            Connection answer = url.connect(silentMax);
            answer.close();
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith(NO_CONNECTION) && !task.isDone()) {
                throw new AbsentDatabase("%s did not answer within %d s".formatted(url, silentMax.toSeconds()), e);
            }
        }
    }
}
