package io.scaiwave.admin.tracing;

import io.vertx.core.AsyncResult;
import io.vertx.core.VertxBuilder;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the server tells of each request to whoever follows it through several systems. Off, it tells nothing and costs nothing. */
public interface Traces extends AutoCloseable {
    Traces OFF = new Traces() {};

    /** Lets Vert.x trace HTTP, the bus and SQL. */
    default void into(VertxBuilder builder) {}

    /**
     * Names the span of the request that is served here.
     *
     * @param operation the operationId
     * @param route the path of the contract
     */
    default void serves(String operation, String route) {}

    /** The trace context of the request that is served here, as W3C has it; null where there is none. */
    default @Nullable String traceparent() {
        return null;
    }

    /**
     * Begins a span for each record that goes to Kafka.
     *
     * @param traceparents of the requests that made them
     * @return ends the spans
     */
    default Consumer<AsyncResult<?>> sends(String topic, List<String> traceparents) {
        return done -> {};
    }

    /** Sends what is left, for a bounded time. */
    @Override
    default void close() {}
}
