package io.scaiwave.admin.http;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.text.Sha256;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.net.URI;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** The console at /console: a page, its assets with the hash of what is in them in their names, and the settings it starts with. */
final class ConsoleRoutes {
    private static final String FOLDER = "console/";

    private final Config.Console.Oidc oidc;

    ConsoleRoutes(Config.Console console) {
        this.oidc = console.oidc();
    }

    void mount(Router router, Vertx vertx) {
        Buffer page = vertx.fileSystem().readFileBlocking(FOLDER + "index.html");
        String etag = etag(page);
        String connections = connections();
        Routes.get(router, "/console", context -> {
            BrowserRules.loosen(context.request(), connections);
            page(context, page, etag);
        });
        Routes.get(router, "/console/settings.json", Routes.text("application/json", this::settings));
        router.get("/console/assets/*")
                .handler(StaticHandler.create(FOLDER + "assets")
                        .setIncludeHidden(false)
                        .setMaxAgeSeconds(TimeUnit.DAYS.toSeconds(365)));
    }

    private static void page(RoutingContext context, Buffer page, String etag) {
        context.response().putHeader(HttpHeaders.ETAG, etag).putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        if (etag.equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            context.response().setStatusCode(304).end();
            return;
        }
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html;charset=utf-8")
                .end(page);
    }

    /** A weak one, because the page may be compressed on its way. */
    private static String etag(Buffer page) {
        return "W/\"" + HexFormat.of().formatHex(Sha256.of(page.getBytes()), 0, 16) + '"';
    }

    private String settings() {
        JsonObject settings = new JsonObject().putNull("oidc");
        if (oidc.isOn()) {
            settings.put("oidc", new JsonObject().put("issuer", oidc.issuer()).put("client_id", oidc.clientId()));
        }
        return settings.encode();
    }

    private String connections() {
        if (!oidc.isOn()) {
            return "'self'";
        }
        URI issuer = URI.create(oidc.issuer());
        return "'self' " + issuer.getScheme() + "://" + issuer.getAuthority();
    }
}
