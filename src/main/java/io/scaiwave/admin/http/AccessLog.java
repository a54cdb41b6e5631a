package io.scaiwave.admin.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line in the log and one measurement for each request, by names that no client makes. */
final class AccessLog {
    /** The status of a request whose client went away before the reply. */
    static final int GONE = 499;

    private static final Logger ACCESS = LoggerFactory.getLogger("access");

    private final MeterRegistry meters;

    AccessLog(MeterRegistry meters) {
        this.meters = meters;
    }

    void ended(Exchange exchange, HttpMethod method, int status) {
        long nanos = exchange.nanos();
        Timer.builder("admin.requests")
                .tag("operation", exchange.operation())
                .tag("status", Integer.toString(status))
                .register(meters)
                .record(nanos, TimeUnit.NANOSECONDS);
        ACCESS.info(
                "{} {} {} {} us, request {}",
                exchange.operation(),
                RequestLabels.name(method),
                status,
                TimeUnit.NANOSECONDS.toMicros(nanos),
                exchange.requestId());
    }
}
