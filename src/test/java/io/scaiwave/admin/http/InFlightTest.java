package io.scaiwave.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Owners;
import io.scaiwave.admin.config.Config;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final InFlight inFlight = new InFlight(new Config.Http.InFlight(3, 2), meters);

    private InFlight.Place of(String account) {
        return of(inFlight, new Owners(account, null, null));
    }

    private static InFlight.Place of(InFlight inFlight, Owners owners) {
        InFlight.Place place = inFlight.enter();
        place.belongsTo(owners);
        return place;
    }

    private static void refuses(Failure.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Failure.class, e -> {
            assertThat(e.kind()).isEqualTo(kind);
            assertThat(e.retryAfterSeconds()).isEqualTo(1);
        });
    }

    private double refused(String reason) {
        return meters.get("admin.requests.refused")
                .tag("reason", reason)
                .counter()
                .count();
    }

    @Test
    void oneAccount_hasItsShare_andAllTogetherHaveTheWhole() {
        of("a");
        of("a");
        InFlight.Place third = inFlight.enter();
        refuses(Failure.Kind.RATE_LIMITED, () -> third.belongsTo(new Owners("a", null, null)));
        third.ended();
        of("b");
        refuses(Failure.Kind.UNAVAILABLE, inFlight::enter);
        assertThat(refused("account")).isOne();
        assertThat(refused("total")).isOne();
    }

    @Test
    void aPlace_isGivenBackOnce_howeverOftenItsEndIsTold() {
        for (int i = 0; i < 10; i++) {
            InFlight.Place place = of("a");
            place.leave();
            place.ended();
            place.ended();
        }
        of("a");
        of("a");
        refuses(Failure.Kind.RATE_LIMITED, () -> of("a"));
    }

    @Test
    void workGoesOn_whenItsClientHasGone() {
        InFlight.Place gone = of("a");
        gone.works();
        gone.ended();
        of("a");
        InFlight.Place refused = inFlight.enter();
        refuses(Failure.Kind.RATE_LIMITED, () -> refused.belongsTo(new Owners("a", null, null)));
        refused.ended();
        gone.worked();
        of("a");
    }

    @Test
    void aClientThatHasGoneBeforeItIsKnown_leavesNothingBehind() {
        InFlight.Place gone = inFlight.enter();
        gone.ended();
        gone.belongsTo(new Owners("a", null, null));
        of("a");
        of("a");
        of("b");
    }

    @Test
    void aPrincipalOfManyTenants_hasOneShare_andLeavesTheirTenantsToOthers() {
        InFlight many = new InFlight(new Config.Http.InFlight(10, 2), meters);
        InFlight.Place first = of(many, new Owners("a", null, "p"));
        of(many, new Owners("b", null, "p"));
        InFlight.Place third = many.enter();
        refuses(Failure.Kind.RATE_LIMITED, () -> third.belongsTo(new Owners("c", null, "p")));
        third.ended();
        of(many, new Owners("c", null, null));
        of(many, new Owners("c", null, null));
        first.ended();
        of(many, new Owners("d", null, "p"));
    }

    @Test
    void aPartnersFamily_hasHalfOfThePlaces() {
        InFlight many = new InFlight(new Config.Http.InFlight(4, 1), meters);
        of(many, new Owners("a", "f", null));
        of(many, new Owners("b", "f", null));
        InFlight.Place third = many.enter();
        refuses(Failure.Kind.RATE_LIMITED, () -> third.belongsTo(new Owners("c", "f", null)));
        third.ended();
        of(many, new Owners("d", "g", null));
    }
}
