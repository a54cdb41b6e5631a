package io.scaiwave.admin.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a step, one run at a time: again at once while it finds work, again when woken, again after a pause when it fails.
 * It runs at its own pace and batches what comes meanwhile. To be used on one event loop only.
 */
public final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final Vertx vertx;
    private final String name;
    private final long retryMs;
    private final Supplier<Future<Boolean>> step;
    private boolean woken;
    private boolean running;
    private boolean failing;
    private Promise<Void> stopped;

    /** @param step true when there may be more to do at once */
    public Loop(Vertx vertx, String name, long retryMs, Supplier<Future<Boolean>> step) {
        this.vertx = vertx;
        this.name = name;
        this.retryMs = retryMs;
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
        step.get().onComplete(more -> settled(more || woken), this::failed);
    }

    private void settled(boolean more) {
        if (failing) {
            failing = false;
            LOG.info("{} goes on", name);
        }
        running = false;
        if (more) {
            run();
        } else if (stopped != null) {
            stopped.complete();
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
        vertx.setTimer(retryMs, timer -> {
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
