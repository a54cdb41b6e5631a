package io.scaiwave.admin.audit.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.tracing.Traces;

/** Who is told how the audit trail fares: Prometheus, whoever reads health, and whoever follows a request. */
public record RelayObservers(MeterRegistry registry, TrailHealth health, Traces traces) {}
