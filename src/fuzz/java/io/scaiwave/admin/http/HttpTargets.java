package io.scaiwave.admin.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.NetUtil;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Patch;
import io.scaiwave.admin.bus.Resource;
import io.scaiwave.admin.json.Json;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.RFC3986;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/** What parses the parts of a request. */
public final class HttpTargets {
    private static final Contract CONTRACT = Contract.load();
    private static final ContractValidator VALIDATOR = new ContractValidator(CONTRACT);
    private static final ContractPaths PATHS = new ContractPaths(CONTRACT);
    private static final ClientAddress ADDRESSES = new ClientAddress("127.0.0.0/8,10.1.0.0/16,2001:db8::/32");
    private static final List<String> METHODS = List.of("GET", "PUT", "POST", "DELETE");
    private static final List<Contract.Operation> WITH_BODY = CONTRACT.operations().values().stream()
            .filter(operation -> operation.body() != null)
            .toList();
    private static final List<String> MEDIA_TYPES =
            List.of("application/json", "application/x-ndjson", "text/csv", "text/event-stream");

    /** What a query of the audit list may hold. */
    private record Query(OffsetDateTime since, OffsetDateTime until, Integer limit, String cursor, UUID lastEventId) {}

    private HttpTargets() {}

    private static String text(byte[] data) {
        return new String(data, StandardCharsets.ISO_8859_1);
    }

    private static MultiMap headers(String name, String value) {
        return MultiMap.caseInsensitiveMultiMap().add(name, value);
    }

    /** What is validated is what is routed: the form that a path is brought into stays as it is. */
    public static void path(byte[] data) {
        String method = METHODS.get(data.length % METHODS.size());
        try {
            String once = PATHS.canonical(method, RFC3986.normalizePath("/" + text(data)));
            if (!once.equals(PATHS.canonical(method, once))) {
                throw new AssertionError("another path the second time");
            }
            PATHS.methods(once);
        } catch (IllegalArgumentException e) {
            // a broken percent-encoding: 400
        }
    }

    public static void body(byte[] data) {
        if (data.length == 0) {
            return;
        }
        Contract.Operation operation = WITH_BODY.get(Byte.toUnsignedInt(data[0]) % WITH_BODY.size());
        RoutingContext context = Requests.context("x", MultiMap.caseInsensitiveMultiMap(), MultiMap.caseInsensitiveMultiMap());
        Exchange.of(context).carries(Buffer.buffer(data).slice(1, data.length));
        try {
            ObjectNode inputs = VALIDATOR.inputs(operation.id(), context);
            Fingerprint.of(inputs.path("body"));
            if (inputs.path("body").isObject()) {
                Json.MAPPER.treeToValue(inputs.path("body"), Patch.class);
            }
        } catch (Failure e) {
            // 400 or 422
        } catch (JsonProcessingException e) {
            throw new AssertionError("valid, and no value", e);
        }
    }

    /** Of the audit list, with the Last-Event-ID after the first line break. */
    public static void query(byte[] data) {
        String[] parts = text(data).split("\n", 2);
        MultiMap query = MultiMap.caseInsensitiveMultiMap();
        try {
            new QueryStringDecoder(parts[0], StandardCharsets.UTF_8, false).parameters().forEach(query::add);
        } catch (IllegalArgumentException e) {
            return; // a broken percent-encoding: 400
        }
        MultiMap headers = headers("Last-Event-ID", parts.length == 1 ? "" : parts[1]);
        RoutingContext context = Requests.context("x", query, headers);
        try {
            Json.MAPPER.treeToValue(VALIDATOR.inputs("listAudit", context), Query.class);
        } catch (Failure | JsonMappingException e) {
            // 422
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    public static void forwarded(byte[] data) {
        for (String header : List.of("X-Forwarded-For", "Forwarded")) {
            for (String hop : ForwardedHops.of(headers(header, text(data)))) {
                if (!NetUtil.isValidIpV4Address(hop) && !NetUtil.isValidIpV6Address(hop)) {
                    throw new AssertionError("no address: " + hop);
                }
                ADDRESSES.trusts(hop);
            }
        }
    }

    public static void traceparent(byte[] data) {
        String taken = TraceParent.of(Requests.request(headers("traceparent", text(data))));
        if (taken != null && taken.split("-").length != 4) {
            throw new AssertionError("a trace context of another form");
        }
    }

    public static void preconditions(byte[] data) {
        String sent = text(data);
        List<String> versions = Preconditions.versions(Requests.request(headers("If-Match", sent)));
        new Caller.Terms(false, versions, null).versions(new Resource("partner", new UUID(1, 2)));
        Preconditions.noneMatch(Requests.request(headers("If-None-Match", sent)), "\"1.x\"");
    }

    public static void negotiation(byte[] data) {
        try {
            RoutingContext context =
                    Requests.context("x", MultiMap.caseInsensitiveMultiMap(), headers("Accept", text(data)));
            if (!MEDIA_TYPES.contains(Negotiation.mediaType(context, MEDIA_TYPES))) {
                throw new AssertionError("none of those offered");
            }
        } catch (Failure e) {
            // 406
        }
    }
}
