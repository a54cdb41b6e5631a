package io.scaiwave.admin.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.scaiwave.admin.bus.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(VertxExtension.class)
class OperationTest {
    record Ask(String text) {}

    record Answer(Ask asked, Caller caller) {}

    private static final Operation<Ask, Answer> OPERATION = new Operation<>("ask", Ask.class);
    private static final Caller CALLER = new Caller(
            new Caller.Actor("a", "user", null, null, new Secret("token"), 0),
            Caller.Reach.NONE,
            null,
            new Caller.Request(
                    "ask", new Caller.Origin("r-1", "127.0.0.1", null, null), Caller.Terms.NONE, "application/json"));

    private EventBus bus;

    @BeforeEach
    void installCodec(Vertx vertx) {
        bus = vertx.eventBus();
        LocalCodec.install(bus);
    }

    private void serve(BiFunction<Caller, Ask, Future<Reply<Answer>>> handler) throws Exception {
        get(OPERATION.serve(bus, handler));
    }

    private Failure failure() {
        return (Failure) catchThrowable(
                () -> OPERATION.request(bus, CALLER, new Ask("x")).await(5, TimeUnit.SECONDS));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void request_handsRecordsOverByReference() throws Exception {
        serve((caller, ask) -> Future.succeededFuture(
                Reply.created(new Answer(ask, caller), "7.x").with("n", 1)));
        Ask ask = new Ask("hello");
        Reply<Answer> reply = get(OPERATION.request(bus, CALLER, ask));
        assertThat(reply.data().asked()).isSameAs(ask);
        assertThat(reply.data().caller()).isSameAs(CALLER);
        assertThat(reply.created()).isTrue();
        assertThat(reply.version()).isEqualTo("7.x");
        assertThat(reply.meta()).isEqualTo(Map.of("n", 1));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void request_getsAFailureIntact(Function<RuntimeException, Future<Reply<Answer>>> way) throws Exception {
        Failure refusal = new Failure(
                Kind.CONFLICT, "SW_TENANT_SLUG_TAKEN", "a sentence", List.of(new Failure.Detail("/slug", "is taken")));
        serve((caller, ask) -> way.apply(refusal));
        assertThat(failure()).isSameAs(refusal);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void request_learnsNothingOfABug(Function<RuntimeException, Future<Reply<Answer>>> way) throws Exception {
        serve((caller, ask) -> way.apply(new IllegalStateException("a secret detail")));
        Failure failure = failure();
        assertThat(failure.kind()).isEqualTo(Kind.INTERNAL);
        assertThat(failure.code()).isEqualTo("SW_INTERNAL");
        assertThat(failure.getMessage()).doesNotContain("secret", "IllegalState");
        assertThat(failure.details()).isEmpty();
    }

    static Stream<Function<RuntimeException, Future<Reply<Answer>>>> ways() {
        return Stream.of(Future::failedFuture, e -> {
            throw e;
        });
    }

    @Test
    void request_isUnavailableWhenNobodyServes() {
        assertThat(failure().kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure().code()).isEqualTo("SW_UNAVAILABLE");
    }

    @Test
    void serve_goesOnAfterABug() throws Exception {
        serve((caller, ask) -> {
            if (ask.text().equals("bad")) {
                throw new IllegalStateException("once");
            }
            return Future.succeededFuture(Reply.of(new Answer(ask, caller)));
        });
        assertThatThrownBy(() -> OPERATION.request(bus, CALLER, new Ask("bad")).await(5, TimeUnit.SECONDS))
                .isInstanceOf(Failure.class);
        assertThat(get(OPERATION.request(bus, CALLER, new Ask("good")))
                        .data()
                        .asked()
                        .text())
                .isEqualTo("good");
    }
}
