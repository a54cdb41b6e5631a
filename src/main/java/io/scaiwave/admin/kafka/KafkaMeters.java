package io.scaiwave.admin.kafka;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * A chosen few of the hundreds of numbers that a client of Kafka keeps, by what the client is for. The binder of Micrometer would add
 * series and a thread for each client that is made anew; here the new one takes the place of the old.
 */
public final class KafkaMeters {
    private static final double MS_PER_SECOND = 1_000;

    private final MeterRegistry registry;
    private final String client;
    private final String kind;
    private volatile Supplier<? extends Map<MetricName, ? extends Metric>> current = Map::of;

    private KafkaMeters(MeterRegistry registry, String client, String kind) {
        this.registry = registry;
        this.client = client;
        this.kind = kind;
        gauge("connections", "Connections to brokers that are open", kind + "-metrics/connection-count", 1);
    }

    public static KafkaMeters producer(MeterRegistry registry, String client) {
        KafkaMeters meters = new KafkaMeters(registry, client, "producer");
        meters.counter("records.sent", "Records handed over to brokers", "producer-metrics/record-send-total");
        meters.counter("record.errors", "Records that failed", "producer-metrics/record-error-total");
        meters.counter("record.retries", "Records that were sent again", "producer-metrics/record-retry-total");
        meters.gauge(
                "request.latency.seconds",
                "How long brokers take to acknowledge, on average of the last half minute",
                "producer-metrics/request-latency-avg",
                MS_PER_SECOND);
        return meters;
    }

    public static KafkaMeters consumer(MeterRegistry registry, String client) {
        KafkaMeters meters = new KafkaMeters(registry, client, "consumer");
        String group = "consumer-fetch-manager-metrics/";
        meters.counter("records.consumed", "Records fetched", group + "records-consumed-total");
        meters.gauge(
                "fetch.latency.seconds",
                "How long brokers take to answer a fetch, on average of the last half minute",
                group + "fetch-latency-avg",
                MS_PER_SECOND);
        return meters;
    }

    /** From now on the numbers are this client's. */
    public void of(Supplier<? extends Map<MetricName, ? extends Metric>> metrics) {
        current = metrics;
    }

    private void gauge(String name, String description, String source, double divisor) {
        Gauge.builder("kafka." + kind + "." + name, this, meters -> meters.value(source) / divisor)
                .description(description)
                .tag("client", client)
                .register(registry);
    }

    private void counter(String name, String description, String source) {
        FunctionCounter.builder("kafka." + kind + "." + name, this, meters -> meters.value(source))
                .description(description)
                .tag("client", client)
                .register(registry);
    }

    /** @param source group/name; 0 while the client does not know, or there is none */
    private double value(String source) {
        return current.get().values().stream()
                .filter(metric -> source.equals(
                        metric.metricName().group() + "/" + metric.metricName().name()))
                .map(Metric::metricValue)
                .filter(Double.class::isInstance)
                .mapToDouble(Double.class::cast)
                .filter(Double::isFinite)
                .findFirst()
                .orElse(0);
    }
}
