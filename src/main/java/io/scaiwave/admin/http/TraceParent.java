package io.scaiwave.admin.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The trace context that a request brings, as W3C has it. It is passed on as it came, so nothing but its one form is taken. */
final class TraceParent {
    private static final String HEADER = "traceparent";

    /** Version 00 is all that there is; an id of zeros is none. */
    private static final Pattern FORM = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    static @Nullable String of(HttpServerRequest request) {
        List<String> sent = request.headers().getAll(HEADER);
        return sent.size() == 1 && FORM.matcher(sent.get(0)).matches() ? sent.get(0) : null;
    }
}
