package io.scaiwave.admin.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A line on standard error every second of long work. */
final class Progress {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PrintWriter err;
    private final long start = System.nanoTime();
    private long next = start + EVERY_NANOS;

    Progress(PrintWriter err) {
        this.err = err;
    }

    /** @param chains asked only when a line is due */
    void at(long entries, LongSupplier chains) {
        long now = System.nanoTime();
        if (now >= next) {
            next = now + EVERY_NANOS;
            long perSecond = Math.round(entries / seconds());
            err.println(String.format(
                    Locale.ROOT, "… %,d entries, %,d/s, %,d chains", entries, perSecond, chains.getAsLong()));
        }
    }

    double seconds() {
        return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
