package io.scaiwave.admin.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line in the log and one measurement for each request, by names that no client makes. */
final class AccessLog {
    /** The status of a request whose client went away before the reply. */
    static final int GONE = 499;

    /** As OpenTelemetry has them for this metric. */
    private static final Duration[] BUCKETS = IntStream.of(
                    5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final Logger ACCESS = LoggerFactory.getLogger("access");

    private final MeterRegistry meters;

    private record Kind(String operation, int status) {}

    private final Map<Kind, Timer> durations = new ConcurrentHashMap<>();
    private final Map<String, Counter> errors = new ConcurrentHashMap<>();

    AccessLog(MeterRegistry meters) {
        this.meters = meters;
    }

    private Timer timer(Kind kind) {
        return Timer.builder("http.server.request.duration")
                .description("From the head of a request to the end of its reply")
                .tag("operation", kind.operation)
                .tag("status", Integer.toString(kind.status))
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    /** @param code one of the contract's: they are as many as the sources have */
    private Counter counter(String code) {
        return Counter.builder("http.server.errors")
                .description("Replies that are errors, by their SW code")
                .tag("error.type", code)
                .register(meters);
    }

    void ended(Exchange exchange, HttpMethod method, int status) {
        long nanos = exchange.nanos();
        durations
                .computeIfAbsent(new Kind(exchange.operation(), status), this::timer)
                .record(nanos, TimeUnit.NANOSECONDS);
        if (exchange.errorCode() != null) {
            errors.computeIfAbsent(exchange.errorCode(), this::counter).increment();
        }
        write(exchange, method, status, nanos);
    }

    private static void write(Exchange exchange, HttpMethod method, int status, long nanos) {
        if (ACCESS.isInfoEnabled()) {
            String name = RequestLabels.name(method);
            exchange.logFields()
                    .and("http.request.method", name)
                    .and("http.response.status_code", status)
                    .and("event.duration", nanos)
                    .and("error.code", exchange.errorCode())
                    .with(() -> ACCESS.info(
                            "{} {} {} {} us, request {}",
                            exchange.operation(),
                            name,
                            status,
                            TimeUnit.NANOSECONDS.toMicros(nanos),
                            exchange.requestId()));
        }
    }
}
