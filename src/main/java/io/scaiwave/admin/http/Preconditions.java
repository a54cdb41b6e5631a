package io.scaiwave.admin.http;

import io.scaiwave.admin.bus.Resource;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** If-Match and If-None-Match (RFC 9110, section 13). An ETag is a version, as {@link Resource} names it, in quotes. */
final class Preconditions {
    private static final Pattern TAG = Pattern.compile("(W/)?\"([^\"]*)\"");

    private Preconditions() {}

    static String etag(String version) {
        return "\"" + version + "\"";
    }

    /** Whether If-None-Match holds this tag, so that the client need not be sent what it has. */
    static boolean noneMatch(HttpServerRequest request, String etag) {
        String sent = joined(request, HttpHeaders.IF_NONE_MATCH);
        if (sent == null) {
            return false;
        }
        return sent.strip().equals("*")
                || TAG.matcher(sent).results().anyMatch(tag -> etag.equals('"' + tag.group(2) + '"'));
    }

    /**
     * The versions of which a resource must have one to be changed; null when any will do, empty when none will. A weak tag never
     * matches, and {@code If-None-Match: *} asks that the resource not exist, while all that take it do.
     */
    static @Nullable List<String> versions(HttpServerRequest request) {
        String none = joined(request, HttpHeaders.IF_NONE_MATCH);
        if (none != null && none.strip().equals("*")) {
            return List.of();
        }
        String sent = joined(request, HttpHeaders.IF_MATCH);
        if (sent == null || sent.strip().equals("*")) {
            return null;
        }
        List<String> versions = new ArrayList<>();
        Matcher tag = TAG.matcher(sent);
        while (tag.find()) {
            if (tag.group(1) == null) {
                versions.add(tag.group(2));
            }
        }
        return List.copyOf(versions);
    }

    private static @Nullable String joined(HttpServerRequest request, CharSequence header) {
        List<String> sent = request.headers().getAll(header);
        return sent.isEmpty() ? null : String.join(",", sent);
    }
}
