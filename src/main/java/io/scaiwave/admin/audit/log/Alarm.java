package io.scaiwave.admin.audit.log;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Wakes those who wait for something to happen, each in their own context. Many may sleep, and anyone may ring. */
final class Alarm {
    private final Queue<Runnable> sleepers = new ConcurrentLinkedQueue<>();

    /** Until the next ring. */
    Future<Void> sleep(Vertx vertx) {
        Context context = vertx.getOrCreateContext();
        Promise<Void> woken = Promise.promise();
        sleepers.add(() -> context.runOnContext(v -> woken.complete()));
        return woken.future();
    }

    void ring() {
        for (int asleep = sleepers.size(); asleep > 0; asleep--) {
            Runnable sleeper = sleepers.poll();
            if (sleeper != null) {
                sleeper.run();
            }
        }
    }
}
