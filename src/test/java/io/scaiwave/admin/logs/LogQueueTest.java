package io.scaiwave.admin.logs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import io.scaiwave.admin.testing.Wait;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A terminal that takes nothing costs lines, which are counted, and holds nobody up. */
class LogQueueTest {
    private static final int LINES = 100;
    private static final int THREADS = 4;

    private final LoggerContext context = new LoggerContext();
    private final Terminal terminal = new Terminal();
    private final LogQueue queue = new LogQueue();
    private final Logger log = context.getLogger("test");
    private final long before = LogQueue.dropped();

    /** Like a pipe that nobody reads, until it is let go. */
    private static final class Terminal extends AppenderBase<ILoggingEvent> {
        private final CountDownLatch open = new CountDownLatch(1);
        private final AtomicInteger written = new AtomicInteger();

        @Override
        protected void append(ILoggingEvent line) {
            try {
                open.await();
                written.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @BeforeEach
    void start() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        terminal.setContext(context);
        terminal.start();
        queue.setContext(context);
        queue.setQueueSize(10);
        queue.addAppender(terminal);
        queue.start();
        log.addAppender(queue);
    }

    @AfterEach
    void stop() {
        terminal.open.countDown();
        context.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INFO", "ERROR"})
    @Timeout(20)
    void lines_areWrittenOrCounted(String level) throws InterruptedException {
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            threads[i] = new Thread(() -> say(Level.valueOf(level)));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long dropped = LogQueue.dropped() - before;
        assertThat(dropped).isPositive();
        terminal.open.countDown();
        Wait.soon(() -> terminal.written.get() + dropped == (long) LINES * THREADS);
    }

    private void say(Level level) {
        for (int i = 0; i < LINES; i++) {
            log.atLevel(org.slf4j.event.Level.valueOf(level.toString())).log("line {}", i);
        }
    }

    @Test
    @Timeout(20)
    void warnings_haveTheLastPlaces() {
        say(Level.INFO);
        long dropped = LogQueue.dropped();
        assertThat(dropped).isGreaterThan(before);
        log.warn("this one is needed");
        assertThat(LogQueue.dropped()).isEqualTo(dropped);
    }
}
