package io.scaiwave.admin.bus;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** What a line of the log about a request has as fields of its own, by the names of ECS, where lines are JSON. */
public final class LogFields {
    private final Map<String, String> fields = new LinkedHashMap<>();

    /** @param operation the operationId */
    public LogFields(String operation, String requestId) {
        and("event.action", operation).and("http.request.id", requestId);
    }

    public static LogFields of(Caller caller) {
        Caller.Request request = caller.request();
        return new LogFields(request.operation(), request.origin().requestId())
                .trace(request.origin().traceparent())
                .by(caller.actor(), caller.target());
    }

    /** @param traceparent as W3C has it; null where there is none */
    public LogFields trace(@Nullable String traceparent) {
        return and("trace.id", traceparent == null ? null : traceparent.split("-")[1]);
    }

    /** @param target the tenant acted on; null where there is none */
    public LogFields by(Caller.Actor actor, Caller.@Nullable TenantRef target) {
        return and("user.id", actor.id()).and("organization.id", target == null ? null : target.id());
    }

    public LogFields and(String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value.toString());
        }
        return this;
    }

    /** Set for this line alone: a request goes from thread to thread, and others are on each of them. */
    public void with(Runnable line) {
        fields.forEach(MDC::put);
        try {
            line.run();
        } finally {
            fields.keySet().forEach(MDC::remove);
        }
    }
}
