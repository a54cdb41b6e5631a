package io.scaiwave.admin.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** Waits for what comes by itself: long enough for a busy machine, and no longer than it takes. */
public final class Wait {
    /** The most that anything needs that comes at all. */
    public static final Duration SOON = Duration.ofSeconds(30);

    private static final long POLL_MS = 20;

    private Wait() {}

    private static ConditionFactory soon() {
        return await().pollInSameThread()
                .atMost(SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(POLL_MS));
    }

    /** Until it is true; fails when it does not become so. */
    public static void soon(Callable<Boolean> condition) {
        soon().until(condition);
    }

    /** The first of what comes that is as wanted. */
    public static <T> T soon(Callable<T> source, Predicate<T> wanted) {
        return soon().until(source, wanted);
    }

    /** Until the assertion holds; fails as it does. */
    public static void soonAsserted(ThrowingRunnable assertion) {
        soon().untilAsserted(assertion);
    }

    /** Whether it becomes true in time, for a report that goes on if it does not. */
    public static boolean within(long seconds, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause(POLL_MS);
        }
        return true;
    }

    public static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
