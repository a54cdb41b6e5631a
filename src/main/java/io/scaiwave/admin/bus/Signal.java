package io.scaiwave.admin.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;

/** A wake-up on the bus, to all who listen on this node. It carries no data: the bus forgets in a crash. */
public record Signal(String id) {

    public void publish(EventBus bus) {
        bus.publish(id, null, LocalCodec.OPTIONS);
    }

    public Future<Void> subscribe(EventBus bus, Runnable listener) {
        return bus.localConsumer(id).handler(message -> listener.run()).completion();
    }
}
