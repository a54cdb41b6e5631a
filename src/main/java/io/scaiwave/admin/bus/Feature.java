package io.scaiwave.admin.bus;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** A verticle that answers operations of the contract. Its {@link #listen} reads as its table of contents. */
public abstract class Feature extends VerticleBase {
    private final List<Operation<?, ?>> operations = new ArrayList<>();
    private final List<Future<Void>> registrations = new ArrayList<>();

    /** One {@code serve} line for each operation. */
    protected abstract void listen();

    protected final <Q extends Record, R> void serve(
            Operation<Q, R> operation, BiFunction<Caller, Q, Future<Reply<R>>> handler) {
        operations.add(operation);
        registrations.add(operation.serve(vertx.eventBus(), handler));
    }

    @Override
    public final Future<?> start() {
        listen();
        return Future.join(registrations);
    }

    /** What it answers, known once it is started; the boot check holds it against the contract. */
    public final List<Operation<?, ?>> operations() {
        return List.copyOf(operations);
    }
}
