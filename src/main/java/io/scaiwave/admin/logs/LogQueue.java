package io.scaiwave.admin.logs;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.concurrent.atomic.LongAdder;

/** The queue between who logs and the terminal. It never makes anyone wait, not even for a full pipe; what it drops is counted. */
public final class LogQueue extends AsyncAppender {
    private static final LongAdder DROPPED = new LongAdder();

    private final Object turn = new Object();

    public LogQueue() {
        setNeverBlock(true);
    }

    /** Lines that the queues of this process had no room for. */
    public static long dropped() {
        return DROPPED.sum();
    }

    /** One at a time, so that nobody else takes the last place between the look and the append. */
    @Override
    protected void append(ILoggingEvent line) {
        preprocess(line);
        synchronized (turn) {
            if (getRemainingCapacity() == 0) {
                DROPPED.increment();
            } else {
                super.append(line);
            }
        }
    }

    /** Asked when the queue is nearly full: what is no warning then makes room for what is. */
    @Override
    protected boolean isDiscardable(ILoggingEvent line) {
        boolean discarded = super.isDiscardable(line);
        if (discarded) {
            DROPPED.increment();
        }
        return discarded;
    }
}
