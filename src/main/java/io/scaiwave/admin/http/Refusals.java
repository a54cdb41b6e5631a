package io.scaiwave.admin.http;

import io.scaiwave.admin.audit.Chain;
import io.scaiwave.admin.audit.Denials;
import io.scaiwave.admin.auth.Callers;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what is refused for want of a right on record, in the chain of who asked, and then answers. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    /** The reply waits no longer than this for its record. */
    private static final long RECORD_MS = 2_000;

    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Callers callers;
    private final Denials denials;

    Refusals(Callers callers, Denials denials) {
        this.callers = callers;
        this.denials = denials;
    }

    /** Fails the request; a 403 is on record before it is answered, unless it cannot be written. */
    void fail(RoutingContext context, String operation, Caller.Request request, Throwable e) {
        if (e instanceof Failure failure && failure.kind() == Failure.Kind.FORBIDDEN) {
            record(context, operation, request, failure)
                    .timeout(RECORD_MS, TimeUnit.MILLISECONDS)
                    .onFailure(unwritten -> LOG.warn(
                            "a refusal of {} is not on record, request {}: {}",
                            operation,
                            request.id(),
                            unwritten.toString()))
                    .onComplete(done -> context.fail(e));
        } else {
            context.fail(e);
        }
    }

    private Future<Void> record(RoutingContext context, String operation, Caller.Request request, Failure failure) {
        String tenant = context.request().getHeader("X-Tenant-Id");
        String asked = tenant != null && UUID.matcher(tenant).matches() ? tenant : null;
        return callers.home(context.user()).compose(home -> {
            Chain chain = home.tenant() == null ? Chain.ofPartner(home.partnerId()) : Chain.of(home.tenant());
            return denials.record(home.actor(), request, chain, new Denials.Denial(operation, failure.code(), asked));
        });
    }
}
