package io.scaiwave.admin.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.ParsedHeaderValues;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.HeaderParser;
import io.vertx.ext.web.impl.ParsableHeaderValuesContainer;
import io.vertx.ext.web.impl.ParsableMIMEValue;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Requests without a connection, of which the parts that parsers look at are there, and no other. */
final class Requests {
    private Requests() {}

    static HttpServerRequest request(MultiMap headers) {
        return proxy(HttpServerRequest.class, (self, method, arguments) -> switch (method.getName()) {
            case "headers" -> headers;
            case "getHeader" -> headers.get(arguments[0].toString());
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    /** @param pathParameter the value of each */
    static RoutingContext context(String pathParameter, MultiMap query, MultiMap headers) {
        HttpServerRequest request = request(headers);
        Map<Object, Object> kept = new HashMap<>();
        RoutingContext[] context = new RoutingContext[1];
        context[0] = proxy(RoutingContext.class, (self, method, arguments) -> switch (method.getName()) {
            case "request" -> request;
            case "queryParams" -> query;
            case "pathParam" -> pathParameter;
            case "parsedHeaders" -> accept(headers.get("Accept"));
            case "get" -> kept.get(arguments[0]);
            case "put" -> {
                kept.put(arguments[0], arguments[1]);
                yield context[0];
            }
            default -> throw new UnsupportedOperationException(method.getName());
        });
        return context[0];
    }

    /** As the router parses it. */
    private static ParsedHeaderValues accept(String sent) {
        List<MIMEHeader> accepted =
                HeaderParser.sort(HeaderParser.convertToParsedHeaderValues(sent, ParsableMIMEValue::new));
        return new ParsableHeaderValuesContainer(accepted, List.of(), List.of(), List.of(), new ParsableMIMEValue(""));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
