package io.scaiwave.admin.db;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection on which an answer of PostgreSQL has been waited for too long. One that nobody asks anything stays open, for
 * as long as it may: who is asked after a long rest has the whole time to answer.
 */
final class Silence extends ChannelDuplexHandler {
    /** The message ReadyForQuery, but for its last byte: the server has answered and waits. */
    private static final byte[] READY = {'Z', 0, 0, 0, 5};

    private final long answerNanos;
    /** Shorter until the connection is there: whoever wants it waits no longer either. */
    private long limitNanos;

    private boolean waiting;
    private long waitingSince;
    private boolean looking;

    /**
     * @param connectMs how long the server may be silent before it is ready for the first time
     * @param answerMs how long afterwards
     */
    Silence(long connectMs, long answerMs) {
        this.limitNanos = TimeUnit.MILLISECONDS.toNanos(connectMs);
        this.answerNanos = TimeUnit.MILLISECONDS.toNanos(answerMs);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // who wrote has the promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!waiting) {
            waiting = true;
            waitingSince = context.executor().ticker().nanoTime();
        }
        if (!looking) {
            look(context, limitNanos);
        }
        context.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        waitingSince = context.executor().ticker().nanoTime();
        if (message instanceof ByteBuf bytes && isReady(bytes)) {
            waiting = false;
            limitNanos = answerNanos;
        }
        context.fireChannelRead(message);
    }

    private static boolean isReady(ByteBuf bytes) {
        int from = bytes.writerIndex() - READY.length - 1;
        if (from < bytes.readerIndex()) {
            return false;
        }
        for (int i = 0; i < READY.length; i++) {
            if (bytes.getByte(from + i) != READY[i]) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends by itself
    private void look(ChannelHandlerContext context, long inNanos) {
        looking = true;
        context.executor().schedule(() -> look(context), inNanos, TimeUnit.NANOSECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whoever waits hears of it from the connection
    private void look(ChannelHandlerContext context) {
        looking = false;
        if (!waiting || !context.channel().isActive()) {
            return;
        }
        long left = limitNanos - (context.executor().ticker().nanoTime() - waitingSince);
        if (left > 0) {
            look(context, left);
        } else {
            context.close();
        }
    }
}
