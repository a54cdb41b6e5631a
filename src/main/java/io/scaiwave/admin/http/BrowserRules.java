package io.scaiwave.admin.http;

import io.vertx.core.http.HttpServerRequest;

/** What every reply asks of a browser: to guess no type, and to frame, embed and pass on nothing. */
final class BrowserRules {
    private static final String REFERENCE = "/docs";
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";
    /** A token is pasted into the reference page: it runs and asks nothing but what this server has. */
    private static final String OWN = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private BrowserRules() {}

    static void apply(HttpServerRequest request) {
        request.response()
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Content-Security-Policy", request.uri().startsWith(REFERENCE) ? OWN : NOTHING);
    }
}
