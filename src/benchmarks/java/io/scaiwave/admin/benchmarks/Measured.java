package io.scaiwave.admin.benchmarks;

/**
 * One workload in one round.
 *
 * @param perSecond replies, until the trail had nothing left to do
 * @param serverMs of processor time for each
 * @param postgresMs the same
 * @param limit what PostgreSQL does in a second of the statement alone; 0: not measured
 */
record Measured(
        double perSecond, long failed, double p50Ms, double p99Ms, double p999Ms, double serverMs, double postgresMs, long residentMib, double limit) {
    Measured beside(double postgresAlone) {
        return new Measured(perSecond, failed, p50Ms, p99Ms, p999Ms, serverMs, postgresMs, residentMib, postgresAlone);
    }

    @Override
    public String toString() {
        return "%7.0f/s, %d failed, p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, server %.3f ms, PostgreSQL %.3f ms, %d MiB"
                .formatted(perSecond, failed, p50Ms, p99Ms, p999Ms, serverMs, postgresMs, residentMib);
    }
}
