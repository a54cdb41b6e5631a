package io.scaiwave.admin.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;

/** What every reply asks of a browser: to guess no type, and to frame, embed and pass on nothing. */
final class BrowserRules {
    private static final String REFERENCE = "/docs";
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";
    /** A token is pasted into the reference page: it runs and asks nothing but what this server has. */
    private static final String OWN = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String CONSOLE = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src %s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";
    private static final String POLICY = "Content-Security-Policy";

    private BrowserRules() {}

    static void apply(HttpServerRequest request) {
        MultiMap headers = request.response().headers();
        headers.set("X-Content-Type-Options", "nosniff")
                .set("X-Frame-Options", "DENY")
                .set("Referrer-Policy", "no-referrer")
                .set("Cross-Origin-Resource-Policy", "same-origin");
        if (!headers.contains(POLICY)) {
            headers.set(POLICY, request.uri().startsWith(REFERENCE) ? OWN : NOTHING);
        }
    }

    /** What the console's page may do instead. Its code makes no HTML of text, which Trusted Types enforce. */
    static void loosen(HttpServerRequest request, String connections) {
        request.response()
                .putHeader(POLICY, CONSOLE.formatted(connections))
                .putHeader("Cross-Origin-Opener-Policy", "same-origin");
    }
}
