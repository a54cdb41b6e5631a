package io.scaiwave.admin.http;

import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.Denials;
import io.scaiwave.admin.auth.Callers;
import io.scaiwave.admin.auth.Callers.ActsOn;
import io.scaiwave.admin.auth.Principal;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets requests in by who makes them and how many they make, and puts the forbidden ones on record. */
public final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    /** The reply waits no longer than this for its record. */
    private static final long RECORD_MS = 2_000;

    private static final String TENANT_ID = "X-Tenant-Id";
    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Callers callers;
    private final RateLimit limit;
    private final Denials denials;

    public Admission(Callers callers, RateLimit limit, Denials denials) {
        this.callers = callers;
        this.limit = limit;
        this.denials = denials;
    }

    /** Who makes the request; fails when they may not make it, or not so soon. */
    Future<Principal> admit(RoutingContext context, ActsOn actsOn) {
        return callers.resolve(context.user(), actsOn, context.request().getHeader(TENANT_ID))
                .map(principal -> {
                    limit.take(context, principal);
                    return principal;
                });
    }

    /** Fails the request; a 403 is on record before it is answered, unless it cannot be written. */
    void fail(RoutingContext context, Caller.Origin origin, Throwable e) {
        if (!(e instanceof Failure failure) || failure.kind() != Failure.Kind.FORBIDDEN) {
            context.fail(e);
            return;
        }
        String operation = Exchange.of(context).operation();
        record(context, origin, new Denials.Denial(operation, failure.code(), tenantAsked(context)))
                .timeout(RECORD_MS, TimeUnit.MILLISECONDS)
                .onFailure(unwritten -> LOG.warn(
                        "recording a refusal of {} failed, request {}: {}",
                        operation,
                        origin.requestId(),
                        unwritten.toString()))
                .onComplete(done -> context.fail(e));
    }

    private static @Nullable String tenantAsked(RoutingContext context) {
        String tenant = context.request().getHeader(TENANT_ID);
        return tenant != null && UUID.matcher(tenant).matches() ? tenant : null;
    }

    /** In the chain of who asked. */
    private Future<Void> record(RoutingContext context, Caller.Origin origin, Denials.Denial denial) {
        return callers.home(context.user()).compose(home -> {
            Chain chain = home.tenant() == null ? Chain.ofPartner(home.partnerId()) : Chain.of(home.tenant());
            return denials.record(home.actor(), origin, chain, denial);
        });
    }
}
