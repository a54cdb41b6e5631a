package io.scaiwave.admin.bus;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.function.Supplier;

/**
 * An answer too long to be held whole: it is made chunk by chunk, as fast as the client reads it, in the context of who asks.
 *
 * @param headers what the reply says about it beside its media type
 * @param endless whether it ends only when somebody ends it, so that a stop of the server need not wait for it
 * @param chunks makes the next chunk; an empty one for nothing yet, null for the end. Called again only when the last is written
 * @param close gives back what it holds; called once, whatever happens
 */
public record Stream(
        String mediaType,
        Map<String, String> headers,
        boolean endless,
        Supplier<Future<Buffer>> chunks,
        Runnable close) {}
