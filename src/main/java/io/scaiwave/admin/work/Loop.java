package io.scaiwave.admin.work;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a step, one run at a time: again at once while there is more than it can take, after a short pause when it found
 * something or was woken meanwhile, after a longer one when it failed. So it answers at once when little happens, and works in
 * batches when much does. To be used on one event loop only.
 */
public final class Loop {
    /** What a step found. */
    public enum Found {
        NOTHING,
        SOMETHING,
        /** As much as a step takes: there may be more. */
        PLENTY
    }

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final Vertx vertx;
    private final String name;
    private final Pauses pauses;
    private final Supplier<Future<Found>> step;
    private boolean woken;
    private boolean running;
    private boolean failing;
    private Promise<Void> stopped;

    /**
     * How long to wait between two runs, in milliseconds.
     *
     * @param batchMs to let work gather; at least 1
     * @param retryMs after a failure
     */
    public record Pauses(long batchMs, long retryMs) {}

    public Loop(Vertx vertx, String name, Pauses pauses, Supplier<Future<Found>> step) {
        this.vertx = vertx;
        this.name = name;
        this.pauses = pauses;
        this.step = step;
    }

    public void wake() {
        woken = true;
        if (!running && stopped == null) {
            run();
        }
    }

    private void run() {
        running = true;
        woken = false;
        step.get().onComplete(this::settled, this::failed);
    }

    private void settled(Found found) {
        if (failing) {
            failing = false;
            LOG.info("{} goes on", name);
        }
        boolean more = found == Found.SOMETHING || woken;
        if (found == Found.PLENTY || more && stopped != null) {
            run();
        } else if (stopped != null) {
            running = false;
            stopped.complete();
        } else if (more) {
            vertx.setTimer(pauses.batchMs, timer -> run());
        } else {
            running = false;
        }
    }

    private void failed(Throwable e) {
        if (!failing) {
            failing = true;
            LOG.warn("{} has to wait: {}", name, e.toString());
        }
        if (stopped != null) {
            running = false;
            stopped.complete();
            return;
        }
        vertx.setTimer(pauses.retryMs, timer -> {
            running = false;
            if (stopped == null) {
                run();
            } else {
                stopped.tryComplete();
            }
        });
    }

    /** Finishes the work in hand, unless it fails. */
    public Future<Void> stop() {
        stopped = Promise.promise();
        if (!running) {
            run();
        }
        return stopped.future();
    }
}
