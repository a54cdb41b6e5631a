package io.scaiwave.admin.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.util.function.Consumer;

/** An announcement on the bus, to all who listen on this node. A hint, never the data: the bus forgets in a crash. */
public record Signal<E extends Record>(String id) {

    public void publish(EventBus bus, E event) {
        bus.publish(id, event, LocalCodec.OPTIONS);
    }

    public Future<Void> subscribe(EventBus bus, Consumer<E> listener) {
        return bus.<E>localConsumer(id)
                .handler(message -> listener.accept(message.body()))
                .completion();
    }
}
