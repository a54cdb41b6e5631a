package io.scaiwave.admin.http;

import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.Denials;
import io.scaiwave.admin.auth.Callers;
import io.scaiwave.admin.auth.Callers.ActsOn;
import io.scaiwave.admin.auth.Principal;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets requests in by who makes them and how many they make, and puts on record those that ask for what is not theirs. */
public final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    /** The reply waits no longer than this for its record. */
    private static final long RECORD_MS = 2_000;

    private static final Set<Failure.Kind> REFUSED = EnumSet.of(Failure.Kind.FORBIDDEN, Failure.Kind.NOT_FOUND);
    /** Refusals that tell of another's: whether an id of ScaiKey is linked already. */
    private static final Set<String> TELLING = Set.of("SW_TENANT_ALREADY_LINKED", "SW_PARTNER_ALREADY_LINKED");

    private static final int UNAUTHORIZED = 401;

    private static final String TENANT_ID = "X-Tenant-Id";
    private static final String PARTNER_ID = "partner_id";
    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Callers callers;
    private final RateLimit rate;
    private final Refusals refusals;
    private final InFlight inFlight;
    private final Denials denials;

    /** How many requests are let in: in a minute, in vain, and at a time. */
    public record Limits(RateLimit rate, Refusals refusals, InFlight inFlight) {}

    public Admission(Callers callers, Limits limits, Denials denials) {
        this.callers = callers;
        this.rate = limits.rate;
        this.refusals = limits.refusals;
        this.inFlight = limits.inFlight;
        this.denials = denials;
    }

    /** Lets a request on to have its token checked, unless its address sent too many that were no good. */
    void approach(RoutingContext context, String address) {
        Refusals.Token token = refusals.approach(address, context.request().getHeader(HttpHeaders.AUTHORIZATION));
        if (token != null) {
            Exchange.of(context).brings(token);
            context.addEndHandler(
                    ended -> refusals.settle(token, context.response().getStatusCode() == UNAUTHORIZED));
        }
        context.next();
    }

    /** Who makes the request; fails when they may not make it, or not so soon. */
    Future<Principal> admit(RoutingContext context, ActsOn actsOn) {
        return Future.succeededFuture()
                .compose(v -> {
                    Exchange.of(context).token().ifPresent(refusals::isGood);
                    refusals.check(Callers.actor(context.user()).id());
                    enter(context);
                    return resolve(context, actsOn);
                })
                .map(principal -> {
                    rate.take(context, principal);
                    Exchange.of(context).place().belongsTo(principal.owners());
                    return principal;
                });
    }

    private void enter(RoutingContext context) {
        InFlight.Place place = inFlight.enter();
        Exchange.of(context).isServedAt(place);
        context.addEndHandler(ended -> place.ended());
        if (context.response().closed()) {
            place.ended(); // the client has gone, and nobody calls the handler any more
        }
    }

    /** Whether a request that was let in long ago still would be, as the same principal; fails when not. */
    Future<Void> readmit(RoutingContext context, ActsOn actsOn) {
        return resolve(context, actsOn).map(now -> {
            Principal then = Exchange.of(context).principal();
            if (!now.reach().equals(then.reach()) || !Objects.equals(now.target(), then.target())) {
                throw Failure.forbidden("what the caller may reach has changed");
            }
            return null;
        });
    }

    private Future<Principal> resolve(RoutingContext context, ActsOn actsOn) {
        return callers.resolve(context.user(), actsOn, context.request().getHeader(TENANT_ID));
    }

    /** Fails the request; what is not theirs is on record before it is answered, unless it cannot be written. */
    void fail(RoutingContext context, Caller.Origin origin, Throwable e) {
        if (!(e instanceof Failure failure)
                || !(REFUSED.contains(failure.kind()) || TELLING.contains(failure.code()))) {
            context.fail(e);
            return;
        }
        refusals.count(Callers.actor(context.user()).id());
        if (!isDenial(context, failure)) {
            context.fail(e);
            return;
        }
        Exchange exchange = Exchange.of(context);
        String operation = exchange.operation();
        record(context, origin, new Denials.Denial(operation, failure.code(), tenantAsked(context), partner(context)))
                .timeout(RECORD_MS, TimeUnit.MILLISECONDS)
                .onFailure(unwritten -> exchange.logFields()
                        .with(() -> LOG.warn(
                                "recording a refusal of {} failed, request {}: {}",
                                operation,
                                origin.requestId(),
                                unwritten.toString())))
                .onComplete(done -> context.fail(e));
    }

    /** Besides what is forbidden: what may be there and out of reach, which the caller is not told apart from what is not there. */
    private static boolean isDenial(RoutingContext context, Failure failure) {
        if (failure.kind() == Failure.Kind.FORBIDDEN) {
            return true;
        }
        return switch (failure.code()) {
            case "SW_TENANT_NOT_FOUND" -> tenantAsked(context) != null;
            case "SW_PARTNER_NOT_FOUND", "SW_TENANT_ALREADY_LINKED", "SW_PARTNER_ALREADY_LINKED" ->
                !Exchange.of(context).principal().reach().all();
            default -> false;
        };
    }

    private static @Nullable String tenantAsked(RoutingContext context) {
        return uuid(context.request().getHeader(TENANT_ID));
    }

    private static @Nullable String partner(RoutingContext context) {
        return uuid(context.pathParam(PARTNER_ID));
    }

    private static @Nullable String uuid(@Nullable String text) {
        return text != null && UUID.matcher(text).matches() ? text : null;
    }

    /** In the chain of who asked. */
    private Future<Void> record(RoutingContext context, Caller.Origin origin, Denials.Denial denial) {
        return callers.home(context.user()).compose(home -> {
            Chain chain = home.tenant() == null ? Chain.ofPartner(home.partnerId()) : Chain.of(home.tenant());
            return denials.record(home.actor(), origin, chain, denial);
        });
    }
}
