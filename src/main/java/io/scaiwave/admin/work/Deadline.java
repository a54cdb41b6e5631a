package io.scaiwave.admin.work;

import java.util.concurrent.TimeUnit;

/** A moment to come on the monotonic clock: setting the time of day neither brings it nearer nor puts it off. */
public record Deadline(long nanos) {

    /** The moment so many milliseconds from now. */
    public static Deadline in(long millis) {
        return new Deadline(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Milliseconds until then, rounded up; 0 when it has passed. */
    public long leftMs() {
        long left = nanos - System.nanoTime();
        return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
    }

    public boolean passed() {
        return nanos - System.nanoTime() <= 0;
    }
}
