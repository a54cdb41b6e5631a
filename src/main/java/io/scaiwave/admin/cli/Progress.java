package io.scaiwave.admin.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How far long work is, on standard error: a bar that is drawn anew on a terminal, elsewhere a line every ten seconds. */
final class Progress implements AutoCloseable {
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int WIDTH = 30;
    private static final String FROM_THE_START_OF_AN_EMPTY_LINE = "\r\u001B[K";

    private final PrintWriter err;
    private final String unit;
    private final boolean terminal;
    private final long every;
    private final long start = System.nanoTime();
    private long next;
    private boolean drawn;
    private volatile double share; // set by the thread that reads, shown by the one that counts

    Progress(PrintWriter err, String unit, boolean terminal) {
        this(err, unit, terminal, terminal ? REDRAW_NANOS : LINE_NANOS);
    }

    /** For tests, which do not wait. */
    Progress(PrintWriter err, String unit, boolean terminal, long everyNanos) {
        this.err = err;
        this.unit = unit;
        this.terminal = terminal;
        this.every = everyNanos;
        this.next = start + every;
    }

    /** Shows nothing. */
    static Progress none() {
        return new Progress(new PrintWriter(Writer.nullWriter()), "", false);
    }

    /** How much of all has been read; nothing is known of it where the whole is 0. */
    void read(long done, long whole) {
        share = whole == 0 ? 0 : Math.min(1.0, done / (double) whole);
    }

    void at(long count) {
        long now = System.nanoTime();
        if (now < next) {
            return;
        }
        next = now + every;
        String line = String.format(Locale.ROOT, "%s%,d %s, %,d/s", bar(), count, unit, Math.round(count / seconds()));
        if (terminal) {
            err.print(FROM_THE_START_OF_AN_EMPTY_LINE + line);
            err.flush();
            drawn = true;
        } else {
            err.println("… " + line);
        }
    }

    private String bar() {
        double known = share;
        if (known == 0) {
            return "";
        }
        int filled = (int) (known * WIDTH);
        String bar = terminal ? "[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " : "";
        return bar + Math.round(known * 100) + " %, ";
    }

    double seconds() {
        return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** Leaves the terminal's line to what is printed next. */
    void end() {
        if (drawn) {
            err.print(FROM_THE_START_OF_AN_EMPTY_LINE);
            err.flush();
            drawn = false;
        }
    }

    @Override
    public void close() {
        end();
    }
}
