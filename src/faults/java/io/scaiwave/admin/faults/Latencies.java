package io.scaiwave.admin.faults;

import java.util.List;

/** What the clients of an open load saw in a span of time. */
final class Latencies {
    private static final double NANOS_PER_MS = 1e6;

    private final long[] sorted;
    private final long failed;

    private Latencies(long[] sorted, long failed) {
        this.sorted = sorted;
        this.failed = failed;
    }

    /** Of the changes that were due from one moment to another, of {@link System#nanoTime}. */
    static Latencies between(List<Load.Sample> samples, long fromNanos, long toNanos) {
        List<Load.Sample> within = samples.stream()
                .filter(sample -> sample.sinceNanos() >= fromNanos && sample.sinceNanos() < toNanos)
                .toList();
        return new Latencies(
                within.stream().mapToLong(Load.Sample::latencyNanos).sorted().toArray(),
                within.stream().filter(sample -> !sample.success()).count());
    }

    double ms(double quantile) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(quantile * sorted.length) - 1] / NANOS_PER_MS;
    }

    long failed() {
        return failed;
    }

    @Override
    public String toString() {
        double success = sorted.length == 0 ? 0 : 100.0 * (sorted.length - failed) / sorted.length;
        return "%d requests, %.3f %% success, p50 %.1f ms, p99 %.1f ms, max %.1f ms"
                .formatted(sorted.length, success, ms(0.5), ms(0.99), ms(1));
    }
}
