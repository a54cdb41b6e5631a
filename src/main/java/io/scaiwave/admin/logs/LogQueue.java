package io.scaiwave.admin.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The queue between who logs and the terminal. It never makes anyone wait, not even for a full pipe; what it drops is counted. The
 * writer looks for lines now and then and is not woken for each: with logback's own queue that alone cost a tenth of a request.
 */
public final class LogQueue extends UnsynchronizedAppenderBase<ILoggingEvent>
        implements AppenderAttachable<ILoggingEvent> {
    private static final LongAdder DROPPED = new LongAdder();
    private static final int KEPT_FOR_WARNINGS_PART = 5;
    private static final int BATCH = 256;
    private static final long PAUSE_MS = 10;
    private static final long STOP_MS = 1_000;

    private int queueSize = BATCH;
    private BlockingQueue<ILoggingEvent> lines = new ArrayBlockingQueue<>(1);
    private final AppenderAttachable<ILoggingEvent> terminals = new AppenderAttachableImpl<>();
    private @Nullable Thread writer;

    /** Lines that the queues of this process had no room for. */
    public static long dropped() {
        return DROPPED.sum();
    }

    public void setQueueSize(int size) {
        queueSize = size;
    }

    @Override
    public void start() {
        lines = new ArrayBlockingQueue<>(queueSize);
        super.start();
        writer = new Thread(this::write, "log");
        writer.setDaemon(true);
        writer.start();
    }

    /** What is no warning leaves the last places to what is. */
    @Override
    protected void append(ILoggingEvent line) {
        boolean needed = line.getLevel().isGreaterOrEqual(Level.WARN);
        if (!needed && lines.remainingCapacity() <= queueSize / KEPT_FOR_WARNINGS_PART) {
            DROPPED.increment();
            return;
        }
        line.prepareForDeferredProcessing();
        if (!lines.offer(line)) {
            DROPPED.increment();
        }
    }

    private void write() {
        List<ILoggingEvent> batch = new ArrayList<>(BATCH);
        while (lines.drainTo(batch, BATCH) > 0 || isStarted()) {
            if (batch.isEmpty()) {
                pause();
            } else {
                write(batch);
                batch.clear();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException stopped) {
            // what is left is written, and then it ends
        }
    }

    private void write(List<ILoggingEvent> batch) {
        iteratorForAppenders().forEachRemaining(terminal -> {
            batch.forEach(terminal::doAppend);
            if (terminal instanceof OutputStreamAppender<?> stream) {
                flush(stream);
            }
        });
    }

    private void flush(OutputStreamAppender<?> terminal) {
        try {
            terminal.getOutputStream().flush();
        } catch (IOException e) {
            addError("the terminal takes no lines", e);
        }
    }

    @Override
    public void stop() {
        super.stop();
        if (writer != null) {
            writer.interrupt();
            try {
                writer.join(STOP_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void addAppender(Appender<ILoggingEvent> appender) {
        terminals.addAppender(appender);
    }

    @Override
    public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
        return terminals.iteratorForAppenders();
    }

    @Override
    public Appender<ILoggingEvent> getAppender(String name) {
        return terminals.getAppender(name);
    }

    @Override
    public boolean isAttached(Appender<ILoggingEvent> appender) {
        return terminals.isAttached(appender);
    }

    @Override
    public void detachAndStopAllAppenders() {
        terminals.detachAndStopAllAppenders();
    }

    @Override
    public boolean detachAppender(Appender<ILoggingEvent> appender) {
        return terminals.detachAppender(appender);
    }

    @Override
    public boolean detachAppender(String name) {
        return terminals.detachAppender(name);
    }
}
