package io.scaiwave.admin.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.scaiwave.admin.work.Loop.Found;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

@ExtendWith(VertxExtension.class)
class LoopTest {
    private static final long RETRY_MS = 20;
    private static final long STEP_MS = 200;
    /** Long enough for many rounds of a loop that would not rest. */
    private static final long QUIET_MS = 100;

    private static final Future<Found> NOTHING = Future.succeededFuture(Found.NOTHING);
    private static final Future<Found> FAILED = Future.failedFuture("no luck");

    /** What the next steps do; a step that finds none of them left finds nothing. */
    private final Queue<Supplier<Future<Found>>> steps = new ConcurrentLinkedQueue<>();

    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Context context;
    private Loop loop;

    @BeforeEach
    void make(Vertx vertx) throws Exception {
        log.start();
        ((Logger) LoggerFactory.getLogger(Loop.class)).addAppender(log);
        context = vertx.getOrCreateContext();
        onLoop(() -> loop = new Loop(vertx, "the test", new Loop.Pace(1, RETRY_MS, STEP_MS), new Loop.Step() {
            @Override
            public Future<Found> run() {
                runs.incrementAndGet();
                Supplier<Future<Found>> next = steps.poll();
                return next == null ? NOTHING : next.get();
            }

            @Override
            public void givenUp() {
                givenUp.incrementAndGet();
            }
        }));
    }

    @AfterEach
    void stopListening() {
        ((Logger) LoggerFactory.getLogger(Loop.class)).detachAppender(log);
    }

    private void onLoop(Runnable work) throws Exception {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            work.run();
            done.complete();
        });
        done.future().await(5, TimeUnit.SECONDS);
    }

    private void wake() throws Exception {
        onLoop(loop::wake);
    }

    /** How many milliseconds the stop took. */
    private long stop(long patienceMs) throws Exception {
        long begun = System.currentTimeMillis();
        Promise<Void> stopped = Promise.promise();
        context.runOnContext(v -> loop.stop(Deadline.in(patienceMs)).onComplete(stopped));
        stopped.future().await(5, TimeUnit.SECONDS);
        return System.currentTimeMillis() - begun;
    }

    private void awaitRuns(int count) {
        await().atMost(5, TimeUnit.SECONDS).until(() -> runs.get() >= count);
    }

    private void restsAfter(int count) throws Exception {
        awaitRuns(count);
        Thread.sleep(QUIET_MS);
        assertThat(runs).hasValue(count);
    }

    private void logs(String... lines) {
        await().atMost(5, TimeUnit.SECONDS).untilAsserted(() -> assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(lines));
    }

    @Test
    void step_runsAgainWhileThereIsMore() throws Exception {
        steps.add(() -> Future.succeededFuture(Found.PLENTY));
        steps.add(() -> Future.succeededFuture(Found.SOMETHING));
        wake();
        restsAfter(3);
        logs();
    }

    @Test
    void step_mayAlwaysBeDoneAtOnce() throws Exception {
        int many = 20_000;
        for (int i = 0; i < many; i++) {
            steps.add(() -> Future.succeededFuture(Found.PLENTY));
        }
        wake();
        restsAfter(many + 1);
        logs();
    }

    @Test
    void step_thatFailsIsRetriedAndLoggedOnce() throws Exception {
        steps.add(() -> FAILED);
        steps.add(() -> FAILED);
        wake();
        restsAfter(3);
        logs("the test failed, retrying: io.vertx.core.impl.NoStackTraceThrowable: no luck", "the test recovered");
    }

    @Test
    void step_thatThrowsHasFailed() throws Exception {
        steps.add(() -> {
            throw new IllegalStateException("thrown");
        });
        steps.add(() -> {
            throw new AssertionError("worse");
        });
        wake();
        restsAfter(3);
        logs("the test failed, retrying: java.lang.IllegalStateException: thrown", "the test recovered");
    }

    @Test
    void step_thatReturnsNullHasFailed() throws Exception {
        steps.add(() -> null);
        wake();
        restsAfter(2);
        logs(
                "the test failed, retrying: java.lang.IllegalStateException: the step returned null",
                "the test recovered");
    }

    @Test
    void step_thatIsNeverCompletedIsGivenUp() throws Exception {
        Promise<Found> late = Promise.promise();
        steps.add(late::future);
        wake();
        restsAfter(2);
        assertThat(givenUp).hasValue(1);
        logs(
                "the test failed, retrying: java.util.concurrent.TimeoutException: not completed in 200 ms",
                "the test recovered");
        late.complete(Found.PLENTY);
        restsAfter(2);
    }

    @Test
    void wake_whileAStepRunsMakesAnotherRun() throws Exception {
        Promise<Found> first = Promise.promise();
        steps.add(first::future);
        wake();
        wake();
        wake();
        assertThat(runs).hasValue(1);
        first.complete(Found.NOTHING);
        restsAfter(2);
    }

    @Test
    void stop_finishesTheWorkInHand() throws Exception {
        steps.add(() -> Future.succeededFuture(Found.PLENTY));
        steps.add(() -> Future.succeededFuture(Found.SOMETHING));
        stop(5_000);
        assertThat(runs).hasValue(3);
        wake();
        restsAfter(3);
    }

    @Test
    void stop_whileFailingDoesNotWait() throws Exception {
        steps.add(() -> FAILED);
        Promise<Found> second = Promise.promise();
        steps.add(second::future);
        wake();
        awaitRuns(2);
        context.runOnContext(v -> second.fail("still no luck"));
        assertThat(stop(5_000)).isLessThan(1_000);
        restsAfter(2);
    }

    @Test
    void stop_betweenRetriesRunsNoOther() throws Exception {
        steps.add(() -> FAILED);
        Promise<Void> stopped = Promise.promise();
        onLoop(() -> {
            loop.wake();
            // Behind the end of the step, before the pause is over.
            context.runOnContext(v -> loop.stop(Deadline.in(5_000)).onComplete(stopped));
        });
        stopped.future().await(1, TimeUnit.SECONDS);
        restsAfter(1);
    }

    @Test
    void stop_isBounded() throws Exception {
        Promise<Found> never = Promise.promise();
        steps.add(never::future);
        wake();
        assertThat(stop(50)).isBetween(40L, 1_000L);
        never.complete(Found.PLENTY);
        Thread.sleep(STEP_MS + QUIET_MS);
        restsAfter(1);
        assertThat(givenUp).hasValue(0);
    }

    @Test
    void stop_endsALoopThatAlwaysFindsMore() throws Exception {
        context.runOnContext(v -> {
            for (int i = 0; i < 1_000_000; i++) {
                steps.add(() -> Future.succeededFuture(Found.PLENTY));
            }
        });
        wake();
        stop(20);
        int run = runs.get();
        Thread.sleep(QUIET_MS);
        assertThat(runs.get() - run).isLessThan(3);
    }
}
