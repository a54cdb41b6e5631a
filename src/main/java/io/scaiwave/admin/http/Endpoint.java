package io.scaiwave.admin.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.bus.Failure;
import io.scaiwave.admin.bus.Operation;
import io.scaiwave.admin.bus.Reply;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.tracing.Traces;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The way of a request from its verified token to the feature and back, the same for all operations. */
final class Endpoint {
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String DRY_RUN = "dry_run";
    private static final int USER_AGENT_MAX = 512;

    /** What all endpoints of a verticle share. */
    record Shared(
            ContractValidator validator,
            Admission admission,
            ClientAddress addresses,
            Streams streams,
            Traces traces) {}

    private final Contract.Operation contract;
    private final Operation<?, ?> operation;
    private final Shared shared;

    Endpoint(Contract.Operation contract, Operation<?, ?> operation, Shared shared) {
        this.contract = contract;
        this.operation = operation;
        this.shared = shared;
    }

    /** Who calls, and on which tenant: before the body is read, so that a stranger cannot make us read one. */
    void identify(RoutingContext context) {
        Exchange exchange = Exchange.of(context);
        exchange.means(contract.id());
        shared.traces.serves(contract.id(), contract.path());
        HttpServerRequest request = context.request().pause();
        shared.admission
                .admit(context, contract.actsOn())
                .onComplete(
                        principal -> {
                            request.resume();
                            exchange.isOf(principal);
                            context.next();
                        },
                        e -> {
                            request.resume();
                            fail(context, e);
                        });
    }

    private void fail(RoutingContext context, Throwable e) {
        shared.admission.fail(context, origin(context), e);
    }

    /** Refuses, before the body is read, a body of another type than JSON, and a client that takes no type there is. */
    void negotiate(RoutingContext context) {
        if (contract.mediaTypes().size() > 1) {
            Exchange.of(context).prefers(Negotiation.mediaType(context, contract.mediaTypes()));
        }
        HttpServerRequest request = context.request();
        if (contract.body() != null && hasBody(request) && !isJson(request)) {
            context.fail(new Failure(
                    Failure.Kind.UNSUPPORTED,
                    "SW_UNSUPPORTED_MEDIA_TYPE",
                    "the body must be application/json, in UTF-8"));
        } else {
            context.next();
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
    }

    private static boolean isJson(HttpServerRequest request) {
        String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        return (coding == null || coding.equalsIgnoreCase("identity"))
                && json(request.getHeader(HttpHeaders.CONTENT_TYPE));
    }

    private static boolean json(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String[] parts = contentType
                .toLowerCase(Locale.ROOT)
                .replace(" ", "")
                .replace("\"", "")
                .split(";", -1);
        return parts[0].equals("application/json")
                && Arrays.stream(parts)
                        .skip(1)
                        .allMatch(parameter -> parameter.isEmpty() || parameter.equals("charset=utf-8"));
    }

    /** Validates, asks the feature over the bus, and writes what it answers. */
    void dispatch(RoutingContext context) {
        ObjectNode inputs = shared.validator.inputs(contract.id(), context);
        Caller caller = Exchange.of(context).principal().calling(request(context, inputs));
        InFlight.Place place = Exchange.of(context).place();
        place.works();
        ask(context, operation, caller, inputs)
                .onComplete(done -> place.worked())
                .onComplete(reply -> write(context, reply), e -> fail(context, e));
    }

    private void write(RoutingContext context, Reply<?> reply) {
        if (reply.stream() != null) {
            Exchange.of(context).place().leave();
            shared.streams.write(context, reply.stream(), () -> shared.admission.readmit(context, contract.actsOn()));
        } else {
            locate(context, reply);
            Exchange.write(context, reply);
        }
    }

    /** Says where what was made can be read; on a dry run there is nothing. */
    private void locate(RoutingContext context, Reply<?> reply) {
        String template = contract.location();
        Object made = reply.created() && !reply.meta().containsKey(DRY_RUN) ? reply.data() : null;
        if (template != null && made != null) {
            context.response().putHeader(HttpHeaders.LOCATION, Location.of(template, made));
        }
    }

    private static <Q extends Record, R> Future<Reply<R>> ask(
            RoutingContext context, Operation<Q, R> operation, Caller caller, ObjectNode inputs) {
        try {
            Q input = Json.MAPPER.treeToValue(inputs, operation.input());
            return operation.request(context.vertx().eventBus(), caller, input);
        } catch (JsonMappingException e) {
            // Of the right form for the contract, yet no value: a 30th of February.
            return Future.failedFuture(Failure.invalid(field(e), "is not a value that exists"));
        } catch (JsonProcessingException e) {
            return Future.failedFuture(e);
        }
    }

    private static String field(JsonMappingException e) {
        String pointer = e.getPath().stream()
                .map(at -> "/" + (at.getFieldName() == null ? Integer.toString(at.getIndex()) : at.getFieldName()))
                .collect(Collectors.joining());
        return pointer.startsWith("/body") ? pointer.substring("/body".length()) : pointer.substring(1);
    }

    private Caller.Request request(RoutingContext context, ObjectNode inputs) {
        return new Caller.Request(contract.id(), origin(context), terms(context, inputs), Exchange.mediaType(context));
    }

    private Caller.Origin origin(RoutingContext context) {
        HttpServerRequest request = context.request();
        String agent = request.getHeader(HttpHeaders.USER_AGENT);
        if (agent != null && agent.length() > USER_AGENT_MAX) {
            agent = agent.substring(0, USER_AGENT_MAX);
        }
        String address = shared.addresses.of(request);
        return new Caller.Origin(
                Exchange.requestId(context),
                address,
                agent,
                Exchange.of(context).traceparent());
    }

    private Caller.Terms terms(RoutingContext context, ObjectNode inputs) {
        List<String> ifMatch = contract.takes("header", "If-Match") ? Preconditions.versions(context.request()) : null;
        return new Caller.Terms(inputs.path(DRY_RUN).asBoolean(), ifMatch, key(context, inputs));
    }

    private Caller.@Nullable IdempotencyKey key(RoutingContext context, ObjectNode inputs) {
        String sent = context.request().getHeader(IDEMPOTENCY_KEY);
        if (sent == null || !contract.takes("header", IDEMPOTENCY_KEY)) {
            return null;
        }
        return new Caller.IdempotencyKey(sent, Fingerprint.of(inputs.path("body")));
    }
}
