package io.scaiwave.admin.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.vertx.core.AsyncResult;
import io.vertx.core.VertxBuilder;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Traces of OpenTelemetry, set up by its own variables {@code OTEL_*}. */
public final class OpenTelemetryTraces implements Traces {
    private static final long CLOSE_MS = 2_000;

    /** Metrics and logs have their own ways out. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "scaiwave-admin",
            "otel.propagators", "tracecontext",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none");

    /** Where the ids and the flags stand in a traceparent of version 00. */
    private static final int TRACE = 3;

    private static final int PARENT = 36;
    private static final int FLAGS = 53;

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;

    /** @throws IllegalStateException in a sentence for an operator, when the variables cannot be used */
    public OpenTelemetryTraces() {
        sdk = sdk();
        tracer = sdk.getTracer("io.scaiwave.admin");
    }

    /** A value in its message may be a secret, such as that of a header. */
    private static OpenTelemetrySdk sdk() {
        try {
            return AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() -> DEFAULTS)
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
        } catch (ConfigurationException | IllegalArgumentException e) {
            String said = String.valueOf(e.getMessage()).replaceAll("(?s)=.*", "");
            throw new IllegalStateException(
                    "SCAIWAVE_TRACING_ENABLED is true, but the variables OTEL_* cannot be used: " + said);
        }
    }

    @Override
    public void into(VertxBuilder builder) {
        builder.withTracer(new OpenTelemetryTracingFactory(sdk));
    }

    @Override
    public void serves(String operation, String route) {
        Span.current().updateName(operation).setAttribute("http.route", route);
    }

    @Override
    public @Nullable String traceparent() {
        SpanContext served = Span.current().getSpanContext();
        if (!served.isValid()) {
            return null;
        }
        return "00-" + served.getTraceId() + "-" + served.getSpanId() + "-"
                + served.getTraceFlags().asHex();
    }

    @Override
    public Consumer<AsyncResult<?>> sends(String topic, List<String> traceparents) {
        List<Span> spans = traceparents.stream()
                .map(traceparent -> tracer.spanBuilder("send " + topic)
                        .setSpanKind(SpanKind.PRODUCER)
                        .setParent(remote(traceparent))
                        .setAttribute("messaging.system", "kafka")
                        .setAttribute("messaging.destination.name", topic)
                        .startSpan())
                .toList();
        return done -> spans.forEach(span -> {
            if (done.failed()) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        });
    }

    private static Context remote(String traceparent) {
        return Context.root()
                .with(Span.wrap(SpanContext.createFromRemoteParent(
                        traceparent.substring(TRACE, PARENT - 1),
                        traceparent.substring(PARENT, FLAGS - 1),
                        TraceFlags.fromHex(traceparent, FLAGS),
                        TraceState.getDefault())));
    }

    @Override
    public void close() {
        sdk.shutdown().join(CLOSE_MS, TimeUnit.MILLISECONDS);
    }
}
