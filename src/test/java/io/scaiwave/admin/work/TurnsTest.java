package io.scaiwave.admin.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.testing.Wait;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final int RUNNING_MAX = 3;
    private static final int OF_ONE_MAX = 2;
    private static final int WAITING_OF_ONE_MAX = 4;
    private static final int WAITING_MAX = 6;
    private static final long WAIT_MS = 400;

    private final Vertx vertx = Vertx.vertx();
    private final Turns turns = new Turns(
            vertx, new Turns.Limits("queries", RUNNING_MAX, OF_ONE_MAX, WAITING_OF_ONE_MAX, WAITING_MAX, WAIT_MS));
    private final List<Promise<String>> running = new ArrayList<>();

    /** Work that runs until its promise is completed. */
    private Future<String> work(String account) {
        return turns.take(account, () -> {
            synchronized (running) {
                Promise<String> promise = Promise.promise();
                running.add(promise);
                return promise.future();
            }
        });
    }

    private int begun() {
        synchronized (running) {
            return running.size();
        }
    }

    private void awaitBegun(int count) {
        Wait.soon(() -> begun() >= count);
        Wait.pause(20);
        assertThat(begun()).isEqualTo(count);
    }

    private void finish(int number) {
        synchronized (running) {
            running.get(number).complete("done");
        }
    }

    private static void fails(Future<?> future, Failure.Kind kind) {
        assertThatThrownBy(() -> future.await(10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void oneAccount_hasFewerAtATimeThanThereAre_andAnotherGoesAheadOfItsRest() throws Exception {
        for (int i = 0; i < 5; i++) {
            work("greedy");
        }
        awaitBegun(OF_ONE_MAX);
        Future<String> other = work("other");
        awaitBegun(RUNNING_MAX);
        finish(2);
        assertThat(other.await(10, TimeUnit.SECONDS)).isEqualTo("done");
        awaitBegun(RUNNING_MAX);
        finish(0);
        awaitBegun(RUNNING_MAX + 1);
    }

    @Test
    void whoWaitsTooLong_orWithTooMany_isRefused() {
        List<Future<String>> waiting = new ArrayList<>();
        for (int i = 0; i < OF_ONE_MAX + WAITING_OF_ONE_MAX; i++) {
            waiting.add(work("greedy"));
        }
        fails(work("greedy"), Failure.Kind.RATE_LIMITED);
        Future<String> third = work("second");
        awaitBegun(RUNNING_MAX);
        assertThat(third.isComplete()).isFalse();
        waiting.add(work("second"));
        waiting.add(work("third"));
        fails(work("fourth"), Failure.Kind.UNAVAILABLE);
        waiting.subList(OF_ONE_MAX, waiting.size()).forEach(late -> fails(late, Failure.Kind.UNAVAILABLE));
        finish(0);
        finish(1);
        Future<String> later = work("greedy");
        awaitBegun(RUNNING_MAX + 1);
        finish(RUNNING_MAX);
        assertThat(later.await()).isEqualTo("done");
    }

    @Test
    void workThatFails_givesItsPlaceBack() {
        for (int i = 0; i < 2 * RUNNING_MAX; i++) {
            Future<String> failed = turns.take("a", () -> {
                throw new IllegalStateException("not even begun");
            });
            assertThatThrownBy(() -> failed.await(10, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
        }
    }
}
