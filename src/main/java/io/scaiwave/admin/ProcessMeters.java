package io.scaiwave.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.scaiwave.admin.config.Version;
import io.scaiwave.admin.logs.LogQueue;

/** What Prometheus wants to know of every process: {@code jvm_*}, {@code process_*}, and what was built. */
final class ProcessMeters {
    private ProcessMeters() {}

    static void register(PrometheusMeterRegistry meters) {
        JvmMetrics.builder().register(meters.getPrometheusRegistry());
        FunctionCounter.builder("log.lines.dropped", LogQueue.class, queue -> LogQueue.dropped())
                .description("Lines of the log that nobody took off the server in time")
                .register(meters);
        Version version = Version.current();
        Gauge.builder("scaiwave.build.info", () -> 1)
                .description("What runs here; always 1")
                .tag("version", version.version())
                .tag("revision", version.commit())
                .register(meters);
    }
}
