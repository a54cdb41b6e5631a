package io.scaiwave.admin.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection ends when an answer does not come, and not because nobody asked. */
class SilenceTest {
    private static final long CONNECT_MS = 100;
    private static final long LIMIT_MS = 1_000;
    private static final byte[] READY = {'Z', 0, 0, 0, 5, 'I'};
    private static final byte[] ROWS = {'D', 0, 0, 0, 4};

    private final EmbeddedChannel connection = new EmbeddedChannel(new Silence(CONNECT_MS, LIMIT_MS));

    @BeforeEach
    void freeze() {
        connection.freezeTime();
    }

    @AfterEach
    void end() {
        connection.finishAndReleaseAll();
    }

    private void connect() {
        ask();
        answer(READY);
    }

    private void ask() {
        connection.writeOutbound(Unpooled.wrappedBuffer(new byte[] {'Q'}));
    }

    private void answer(byte[] message) {
        connection.writeInbound(Unpooled.wrappedBuffer(message));
    }

    private boolean openAfter(long ms) {
        connection.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
        connection.runScheduledPendingTasks();
        return connection.isOpen();
    }

    @Test
    void noGreeting_endsItSooner() {
        ask();
        assertThat(openAfter(CONNECT_MS - 1)).isTrue();
        assertThat(openAfter(1)).isFalse();
    }

    @Test
    void noAnswer_endsIt() {
        connect();
        ask();
        assertThat(openAfter(LIMIT_MS - 1)).isTrue();
        assertThat(openAfter(1)).isFalse();
    }

    @Test
    void halfAnAnswer_endsIt() {
        connect();
        ask();
        assertThat(openAfter(LIMIT_MS - 1)).isTrue();
        answer(ROWS);
        assertThat(openAfter(LIMIT_MS - 1)).isTrue();
        assertThat(openAfter(1)).isFalse();
    }

    @Test
    void aLongRest_leavesTheWholeTimeForTheNextAnswer() {
        connect();
        ask();
        answer(ROWS);
        answer(READY);
        assertThat(openAfter(100 * LIMIT_MS + LIMIT_MS - 1)).isTrue();
        ask();
        assertThat(openAfter(LIMIT_MS - 1)).isTrue();
        answer(READY);
        assertThat(openAfter(100 * LIMIT_MS)).isTrue();
    }
}
