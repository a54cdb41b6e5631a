package io.scaiwave.admin.work;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a step, one run at a time: again at once while there is more than it can take, after a short pause when it found
 * something or was woken meanwhile, after a longer one when it failed. So it answers at once when little happens, and works in
 * batches when much does. Whatever a step does, the loop goes on: one that throws, or that is not completed in time, has failed.
 * To be made and used on one event loop only.
 */
public final class Loop {
    /** What a step found. */
    public enum Found {
        NOTHING,
        SOMETHING,
        /** As much as a step takes: there may be more. */
        PLENTY
    }

    /** What is repeated. */
    @FunctionalInterface
    public interface Step {
        Future<Found> run();

        /** It was not completed in time: the next run must not have to wait for what this one waits for. */
        default void givenUp() {}
    }

    /**
     * How long things take, in milliseconds.
     *
     * @param batchMs the pause in which work gathers; at least 1
     * @param retryMs the pause after a failure
     * @param stepMs after this a step is given up; longer than the timeouts of all that it does
     */
    public record Pace(long batchMs, long retryMs, long stepMs) {}

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Context context;
    private final String name;
    private final Pace pace;
    private final Step step;
    private final Promise<Void> stopped = Promise.promise();
    /** Counts the runs, so that what comes of one that was given up is told from what comes of the one under way. */
    private long run;

    private long pause = NO_TIMER;
    private boolean running;
    private boolean woken;
    private boolean failing;
    private boolean stopping;

    /** @param name what the step does, for log lines: "… failed, retrying" */
    public Loop(Vertx vertx, String name, Pace pace, Step step) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.name = name;
        this.pace = pace;
        this.step = step;
    }

    public void wake() {
        woken = true;
        if (!running && pause == NO_TIMER && !stopping) {
            run();
        }
    }

    private void run() {
        running = true;
        woken = false;
        run++;
        long mine = run;
        long limit = vertx.setTimer(pace.stepMs, timer -> giveUp(mine));
        // Not in the same call: a step that is always done at once would fill the stack.
        started()
                .onComplete(found -> context.runOnContext(v -> {
                    vertx.cancelTimer(limit);
                    ended(mine, found);
                }));
    }

    private Future<Found> started() {
        try {
            Future<Found> found = step.run();
            if (found != null) {
                return found;
            }
            return Future.failedFuture(new IllegalStateException("the step returned null"));
        } catch (Throwable e) {
            return Future.failedFuture(e);
        }
    }

    private void giveUp(long theRun) {
        if (!underWay(theRun)) {
            return;
        }
        try {
            step.givenUp();
        } finally {
            ended(theRun, Future.failedFuture(new TimeoutException("not completed in " + pace.stepMs + " ms")));
        }
    }

    private boolean underWay(long theRun) {
        return running && run == theRun;
    }

    private void ended(long theRun, AsyncResult<Found> found) {
        if (!underWay(theRun)) {
            return;
        }
        running = false;
        if (found.succeeded()) {
            succeeded(found.result());
        } else {
            failed(found.cause());
        }
    }

    private void succeeded(Found found) {
        if (failing) {
            failing = false;
            LOG.info("{} recovered", name);
        }
        boolean more = found == Found.SOMETHING || woken;
        if (found == Found.PLENTY || (more && stopping)) {
            run();
        } else if (stopping) {
            stopped.tryComplete();
        } else if (more) {
            pause(pace.batchMs);
        }
    }

    private void failed(Throwable e) {
        if (!failing) {
            failing = true;
            LOG.warn("{} failed, retrying: {}", name, e.toString());
        }
        if (stopping) {
            stopped.tryComplete();
        } else {
            pause(pace.retryMs);
        }
    }

    private void pause(long ms) {
        pause = vertx.setTimer(ms, timer -> {
            pause = NO_TIMER;
            run();
        });
    }

    /**
     * Finishes the work in hand, unless it fails.
     *
     * @param until when it completes at the latest; no step is begun after that
     */
    public Future<Void> stop(Deadline until) {
        stopping = true;
        if (pause != NO_TIMER) {
            vertx.cancelTimer(pause);
            pause = NO_TIMER;
        }
        long left = until.leftMs();
        if (left == 0) {
            cutOff();
            return stopped.future();
        }
        long patience = vertx.setTimer(left, timer -> cutOff());
        if (!running && !stopped.future().isComplete()) {
            finish();
        }
        return stopped.future().onComplete(v -> vertx.cancelTimer(patience));
    }

    /** What failed would fail again. */
    private void finish() {
        if (failing) {
            stopped.tryComplete();
        } else {
            run();
        }
    }

    /** What still comes of the step under way does not count any more. */
    private void cutOff() {
        running = false;
        stopped.tryComplete();
    }
}
