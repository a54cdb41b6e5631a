package io.scaiwave.admin.bus;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Data too long to be held whole: it is made chunk by chunk, as fast as the client reads it, in the context of who asks.
 *
 * @param fileName what a client that keeps it may call it; null for what is not kept
 * @param endless whether it ends only when somebody ends it: nothing of it may wait in a buffer, and a stop of the server need not
 *     wait for it
 * @param chunks makes the next chunk; an empty one for nothing yet, null for the end. Called again only when the last is written
 * @param close gives back what it holds; called once, whatever happens
 */
public record Stream(@Nullable String fileName, boolean endless, Supplier<Future<Buffer>> chunks, Runnable close) {}
