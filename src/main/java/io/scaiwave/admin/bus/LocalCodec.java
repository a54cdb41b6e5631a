package io.scaiwave.admin.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/** Hands records over the bus by reference: they are immutable, and every node carries every verticle. */
public final class LocalCodec implements MessageCodec<Record, Record> {
    private static final String NAME = "record";
    /** Longer than any timeout below it (connection, statement, ScaiGrid), so that those answer first. */
    private static final long REPLY_TIMEOUT_MS = 30_000;

    static final DeliveryOptions OPTIONS =
            new DeliveryOptions().setLocalOnly(true).setSendTimeout(REPLY_TIMEOUT_MS);

    private LocalCodec() {}

    /** Makes the bus carry records. Once for each Vert.x. */
    public static void install(EventBus bus) {
        bus.registerCodec(new LocalCodec());
        bus.codecSelector(body -> body instanceof Record ? NAME : null);
    }

    @Override
    public Record transform(Record message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }

    @Override
    public void encodeToWire(Buffer buffer, Record message) {
        throw new UnsupportedOperationException("records stay on their node");
    }

    @Override
    public Record decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("records stay on their node");
    }
}
