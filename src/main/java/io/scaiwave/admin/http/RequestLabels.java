package io.scaiwave.admin.http;

import io.micrometer.core.instrument.Tag;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.spi.observability.HttpRequest;
import java.util.List;

/** The labels of a request in the metrics and the log: whatever a client invents is one and the same. */
public final class RequestLabels {
    private static final String OTHER = "other";

    private RequestLabels() {}

    public static Iterable<Tag> of(HttpRequest request) {
        return List.of(Tag.of("method", name(request.method())));
    }

    static String name(HttpMethod method) {
        return Framing.knows(method) ? method.name() : OTHER;
    }
}
