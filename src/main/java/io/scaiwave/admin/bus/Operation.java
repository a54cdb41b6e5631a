package io.scaiwave.admin.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One endpoint. Its id is the operationId of openapi.yaml, and at once the bus address, the log field and the metric label.
 *
 * @param input the record of its inputs: a component for each path and query parameter of the contract, and {@code body}
 *     where there is one
 */
public record Operation<Q extends Record, R>(String id, Class<Q> input) {

    /** Asks the feature that serves this operation; fails with a {@link Failure} and nothing else. */
    public Future<Reply<R>> request(EventBus bus, Caller caller, Q input) {
        Call<Q> call = new Call<>(caller, input);
        return bus.<Reply<R>>request(nearby(), call, LocalCodec.OPTIONS)
                .recover(e -> isNobody(e) ? bus.request(id, call, LocalCodec.OPTIONS) : Future.failedFuture(e))
                .map(Message::body)
                .recover(e -> Future.failedFuture(Failure.of(e)));
    }

    /** Its address on this event loop: where the feature runs on the loop that asks, nobody else is woken. */
    private String nearby() {
        return id + "@" + Thread.currentThread().getName();
    }

    private static boolean isNobody(Throwable e) {
        return e instanceof ReplyException failed && failed.failureType() == ReplyFailure.NO_HANDLERS;
    }

    /** Answers this operation with the handler; what it throws or fails with besides a {@link Failure} is a bug, logged here once. */
    public Future<Void> serve(EventBus bus, BiFunction<Caller, Q, Future<Reply<R>>> handler) {
        return Future.all(served(id, bus, handler), served(nearby(), bus, handler))
                .mapEmpty();
    }

    private Future<Void> served(String address, EventBus bus, BiFunction<Caller, Q, Future<Reply<R>>> handler) {
        return bus.<Call<Q>>localConsumer(address)
                .handler(message -> answer(message, handler))
                .completion();
    }

    private void answer(Message<Call<Q>> message, BiFunction<Caller, Q, Future<Reply<R>>> handler) {
        Call<Q> call = message.body();
        Future<Reply<R>> reply;
        try {
            reply = handler.apply(call.caller, call.input);
        } catch (RuntimeException e) {
            reply = Future.failedFuture(e);
        }
        reply.onComplete(message::reply, e -> message.reply(expected(e, call.caller)));
    }

    private Failure expected(Throwable e, Caller caller) {
        if (e instanceof Failure failure) {
            return failure;
        }
        Logger log = LoggerFactory.getLogger("operation." + id);
        LogFields.of(caller)
                .with(() -> log.error(
                        "{} failed, request {}", id, caller.request().origin().requestId(), e));
        return Failure.internal();
    }

    private record Call<Q>(Caller caller, Q input) {}
}
