package io.scaiwave.admin.audit.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.kafka.KafkaMeters;
import io.scaiwave.admin.tracing.Traces;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The metrics of the audit trail. The backlog is that of all nodes together; the counters are this node's. */
final class RelayMeters {
    private final MeterRegistry registry;
    private final TrailHealth health;
    private final Traces traces;
    private final KafkaMeters producer;
    private final Counter published;
    private final Counter failures;
    private volatile Backlog backlog = Backlog.NONE;
    private volatile long headsDone = System.nanoTime();

    /** @param streaming whether there is a Kafka that entries wait for */
    RelayMeters(RelayObservers observers, boolean streaming) {
        this.registry = observers.registry();
        this.health = observers.health();
        this.traces = observers.traces();
        published = Counter.builder("audit.published")
                .description("Entries that Kafka has acknowledged")
                .register(registry);
        failures = Counter.builder("audit.publish.failures")
                .description("Batches that had to be sent anew, and entries that Kafka refuses")
                .register(registry);
        producer = KafkaMeters.producer(registry, "audit");
        gauge("audit.outbox.pending", "Events on their way to the log and to Kafka", now -> now.pending(streaming));
        gauge("audit.outbox.oldest.age", "Age of the oldest of them", now -> now.oldestAgeSeconds(streaming));
        gauge("audit.parked", "Events that the log refuses and entries that Kafka refuses", Backlog::parked);
    }

    /** The gauges of a node, of what it holds and how well it keeps up. */
    void watch(LogAppender.Writing writing) {
        Gauge.builder("audit.clock.skew", writing.clocks(), clocks -> clocks.skewMs() / 1_000.0)
                .description("By how much PostgreSQL's clock is ahead of this node's")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("audit.shards.held", writing.shards(), Shards::count)
                .description("Shards of the audit trail that this node drains, of 16 in all")
                .register(registry);
        Gauge.builder("audit.chains.forked", writing.forks(), forks -> forks.chains().length)
                .description("Chains of which Kafka knows more than the database, as this node saw it last")
                .register(registry);
        Gauge.builder("audit.checkpoint.age", this, RelayMeters::checkpointAge)
                .description("Since all heads of this node's shards were signed and published, were it none")
                .baseUnit("seconds")
                .register(registry);
    }

    /** By rounds and not by heads: a chain that nothing happens to needs no new one. */
    private double checkpointAge() {
        return (System.nanoTime() - headsDone) / 1e9;
    }

    /** No head waits to be signed, nor for Kafka where there is one. */
    void headsDone() {
        headsDone = System.nanoTime();
    }

    private void gauge(String name, String description, Function<Backlog, Number> value) {
        Gauge.builder(name, () -> value.apply(backlog))
                .description(description)
                .baseUnit(name.endsWith("age") ? "seconds" : null)
                .register(registry);
    }

    Traces traces() {
        return traces;
    }

    KafkaMeters producer() {
        return producer;
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
