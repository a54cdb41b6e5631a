package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.io.Serial;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares PostgreSQL's clock, of which ids and times are made, with this node's. While they differ by more than the limit nothing is
 * appended, because an entry of the future could not be taken back. Which of the two was set is told by a clock that cannot be set.
 * To be used on one event loop only.
 */
final class ClockWatch {
    /** PostgreSQL's clock is too far from this node's: no fault of an event's. */
    static final class ClocksDiffer extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        ClocksDiffer(String problem) {
            super(problem, null, false, false);
        }
    }

    private final long limitMs;
    private final LongSupplier wallMs;
    private final LongSupplier steadyMs;
    private final Consumer<@Nullable String> problem;
    private boolean agreedOnce;
    /** The node's time of day less its steady clock, when the clocks last agreed. */
    private long agreedMs;

    private volatile long skewMs;
    private boolean differ;

    /**
     * Takes the clocks of this machine.
     *
     * @param limitMs by how much the clocks may differ
     * @param problem who is told which clock is off; null when they agree
     */
    static ClockWatch of(long limitMs, Consumer<@Nullable String> problem) {
        LongSupplier steadyMs = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        return new ClockWatch(limitMs, System::currentTimeMillis, steadyMs, problem);
    }

    ClockWatch(long limitMs, LongSupplier wallMs, LongSupplier steadyMs, Consumer<@Nullable String> problem) {
        this.limitMs = limitMs;
        this.wallMs = wallMs;
        this.steadyMs = steadyMs;
        this.problem = problem;
    }

    /** This node's time of day, to be taken before PostgreSQL is asked for its own. */
    long now() {
        return wallMs.getAsLong();
    }

    /** PostgreSQL's clock less this node's, in milliseconds. */
    long skewMs() {
        return skewMs;
    }

    /** Whether they differed by too much when they were last compared. */
    boolean differ() {
        return differ;
    }

    /** Asks PostgreSQL for its time and compares; fails when it does not answer. */
    Future<Void> look(Database database) {
        long asked = now();
        return database.read(Scope.ALL, "SELECT clock_timestamp() AS now", Tuple.tuple())
                .map(rows -> Rows.first(rows, row -> row.getOffsetDateTime("now")))
                .onSuccess(at -> compare(asked, at.toInstant().toEpochMilli()))
                .mapEmpty();
    }

    /**
     * Compares, and lets nothing be written when they differ.
     *
     * @param asked this node's time before PostgreSQL told its own
     * @throws ClocksDiffer when they differ by more than the limit
     */
    void require(long asked, long databaseMs) {
        String said = compare(asked, databaseMs);
        if (said != null) {
            throw new ClocksDiffer(said);
        }
    }

    /** An answer that was long under way is no difference. */
    private @Nullable String compare(long asked, long databaseMs) {
        long answered = now();
        skewMs = distance(databaseMs, Math.min(asked, answered), Math.max(asked, answered));
        differ = Math.abs(skewMs) > limitMs;
        String said = differ ? words(answered) : null;
        if (!differ) {
            agreedOnce = true;
            agreedMs = answered - steadyMs.getAsLong();
        }
        problem.accept(said);
        return said;
    }

    private static long distance(long at, long from, long to) {
        if (at < from) {
            return at - from;
        }
        return Math.max(0, at - to);
    }

    /** Without the figure, which changes with each look: the metric has it. */
    private String words(long answered) {
        String whose = "PostgreSQL's clock or this node's";
        if (agreedOnce) {
            boolean mine = Math.abs(answered - steadyMs.getAsLong() - agreedMs) > limitMs;
            whose = mine ? "this node's clock" : "PostgreSQL's clock";
        }
        return "%s was set or is wrong, they differ by more than %d ms: this node appends nothing until they agree"
                .formatted(whose, limitMs);
    }
}
