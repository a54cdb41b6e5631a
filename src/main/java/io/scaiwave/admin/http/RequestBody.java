package io.scaiwave.admin.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request as bytes, whatever its media type claims, up to a limit. */
final class RequestBody {
    private final int bytesMax;

    RequestBody(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    void read(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (declared(request.getHeader(HttpHeaders.CONTENT_LENGTH)) > bytesMax) {
            context.fail(413);
            return;
        }
        if (request.headers().contains(HttpHeaders.EXPECT) && request.version() == HttpVersion.HTTP_1_1) {
            context.response().writeContinue();
        }
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
                    if (context.failed()) {
                        return;
                    }
                    if (body.length() + chunk.length() > bytesMax) {
                        context.fail(413);
                    } else {
                        body.appendBuffer(chunk);
                    }
                })
                .endHandler(v -> {
                    if (!context.failed()) {
                        Exchange.of(context).carries(body);
                        context.next();
                    }
                });
    }

    private static long declared(@Nullable String length) {
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
