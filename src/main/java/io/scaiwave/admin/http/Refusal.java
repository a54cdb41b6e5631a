package io.scaiwave.admin.http;

import org.jspecify.annotations.Nullable;

/** What HTTP itself has against a request, before or beside any operation; what an operation refuses is a Failure. */
record Refusal(int status, String code, String message) {
    static final Refusal TIMED_OUT = new Refusal(408, "SW_REQUEST_TIMEOUT", "the request took too long to arrive");
    static final Refusal HEAD_TOO_LARGE =
            new Refusal(431, "SW_HEADERS_TOO_LARGE", "the request's headers are larger than this server takes");
    static final Refusal URI_TOO_LONG =
            new Refusal(414, "SW_URI_TOO_LONG", "the request's URL is longer than this server takes");
    static final Refusal EXPECTATION =
            new Refusal(417, "SW_EXPECTATION_FAILED", "of Expect, only 100-continue can be met");

    static Refusal malformed(String message) {
        return new Refusal(400, "SW_BAD_REQUEST", message);
    }

    static Refusal notImplemented(String message) {
        return new Refusal(501, "SW_NOT_IMPLEMENTED", message);
    }

    /** What a status means that the router or a handler of Vert.x ended with; null for a failure of ours. */
    static @Nullable Refusal of(int status) {
        return switch (status) {
            case 400 -> malformed("the request is malformed");
            case 403, 404 -> new Refusal(404, "SW_NOT_FOUND", "there is nothing at this path");
            case 405 -> new Refusal(405, "SW_METHOD_NOT_ALLOWED", "this path has other methods: see Allow");
            case 413 -> new Refusal(413, "SW_CONTENT_TOO_LARGE", "the body is larger than this server takes");
            case 416 -> new Refusal(416, "SW_RANGE_NOT_SATISFIABLE", "the file has no such range: see Content-Range");
            case 417 -> EXPECTATION;
            default -> null;
        };
    }
}
