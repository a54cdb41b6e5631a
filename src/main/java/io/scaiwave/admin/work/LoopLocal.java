package io.scaiwave.admin.work;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.MultithreadEventExecutorGroup;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What each event loop has one of for itself, so that nothing of a request goes from one processor to another: a wake-up between
 * threads costs more than most of what a request does. Made when a loop first asks for it. Thread-safe.
 */
public final class LoopLocal<T> {
    private final Vertx vertx;
    private final Supplier<T> maker;
    private final Map<EventLoop, T> made = new ConcurrentHashMap<>();

    public LoopLocal(Vertx vertx, Supplier<T> maker) {
        this.vertx = vertx;
        this.maker = maker;
    }

    /** How many event loops there are. */
    public static int loops(Vertx vertx) {
        return ((MultithreadEventExecutorGroup) ((VertxInternal) vertx).nettyEventLoopGroup()).executorCount();
    }

    /** That of the event loop that asks. */
    public T get() {
        EventLoop loop = ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
        T own = made.get(loop);
        return own == null ? made.computeIfAbsent(loop, key -> maker.get()) : own;
    }

    /** Those that were made. */
    public Collection<T> all() {
        return List.copyOf(made.values());
    }
}
