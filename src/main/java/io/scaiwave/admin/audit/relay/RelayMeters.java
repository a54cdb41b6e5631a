package io.scaiwave.admin.audit.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.db.Database;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The metrics of the audit trail. The backlog is that of all nodes together; the counters are this node's. */
final class RelayMeters {
    private final MeterRegistry registry;
    private final TrailHealth health;
    private final Counter published;
    private final Counter failures;
    private volatile Backlog backlog = Backlog.NONE;

    /** @param streaming whether there is a Kafka that entries wait for */
    RelayMeters(MeterRegistry registry, TrailHealth health, boolean streaming) {
        this.registry = registry;
        this.health = health;
        published = Counter.builder("audit.published")
                .description("Entries that Kafka has acknowledged")
                .register(registry);
        failures = Counter.builder("audit.publish.failures")
                .description("Batches that had to be sent anew, and entries that Kafka refuses")
                .register(registry);
        gauge("audit.outbox.pending", "Events on their way to the log and to Kafka", now -> now.pending(streaming));
        gauge("audit.outbox.oldest.age", "Age of the oldest of them", now -> now.oldestAgeSeconds(streaming));
        gauge("audit.parked", "Events that the log refuses and entries that Kafka refuses", Backlog::parked);
    }

    private void gauge(String name, String description, Function<Backlog, Number> value) {
        Gauge.builder(name, () -> value.apply(backlog))
                .description(description)
                .baseUnit(name.endsWith("age") ? "seconds" : null)
                .register(registry);
    }

    void clocks(ClockWatch watch) {
        Gauge.builder("audit.clock.skew", watch, clocks -> clocks.skewMs() / 1_000.0)
                .description("By how much PostgreSQL's clock is ahead of this node's")
                .baseUnit("seconds")
                .register(registry);
    }

    void published(int acknowledged, int refused) {
        published.increment(acknowledged);
        failures.increment(refused);
    }

    void failed() {
        failures.increment();
    }

    /** What is wrong, in words; see {@link TrailHealth#say}. */
    void say(String part, @Nullable String problem) {
        health.say(part, problem);
    }

    void measure(Database database) {
        Backlog.measure(database).onSuccess(now -> backlog = now);
    }
}
