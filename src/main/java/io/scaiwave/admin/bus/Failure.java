package io.scaiwave.admin.bus;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.io.Serial;
import java.util.List;

/**
 * A refusal that is part of the interface: a kind, an {@code SW_*} code, a sentence, and the fields at fault. It crosses the
 * local bus as it is, because it is a {@link ReplyException}. Everything else that fails is a bug.
 */
public final class Failure extends ReplyException {
    @Serial
    private static final long serialVersionUID = 1;
    /** The code of the bus is a number; ours is a text. */
    private static final int NO_NUMBER = -1;

    private static final long RETRY_UNAVAILABLE_SECONDS = 1;

    /** What is wrong, in the terms of the caller; the HTTP status follows from it. */
    public enum Kind {
        MALFORMED,
        UNAUTHENTICATED,
        FORBIDDEN,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        CONFLICT,
        STALE,
        TOO_LARGE,
        UNSUPPORTED,
        INVALID,
        RATE_LIMITED,
        INTERNAL,
        UPSTREAM,
        UNAVAILABLE
    }

    /** One field at fault: a JSON Pointer into the body, or a parameter's name. */
    public record Detail(String field, String message) {}

    private record Refusal(Kind kind, String code, List<Detail> details, long retryAfterSeconds) {}

    private final transient Refusal refusal;

    private Failure(String message, Refusal refusal) {
        super(ReplyFailure.RECIPIENT_FAILURE, NO_NUMBER, message);
        this.refusal = refusal;
    }

    public Failure(Kind kind, String code, String message, List<Detail> details) {
        this(
                message,
                new Refusal(
                        kind, code, List.copyOf(details), kind == Kind.UNAVAILABLE ? RETRY_UNAVAILABLE_SECONDS : 0));
    }

    public Failure(Kind kind, String code, String message) {
        this(kind, code, message, List.of());
    }

    /** A field of a valid shape whose value breaks a rule. */
    public static Failure invalid(String field, String message) {
        return invalid(List.of(new Detail(field, message)));
    }

    public static Failure invalid(List<Detail> details) {
        Detail first = details.get(0);
        String where = first.field.isEmpty() ? "the body" : first.field;
        return new Failure(Kind.INVALID, "SW_VALIDATION_FAILED", where + " " + first.message, details);
    }

    public static Failure conflict(String code, String field, String message) {
        return new Failure(Kind.CONFLICT, code, field + " " + message, List.of(new Detail(field, message)));
    }

    public static Failure notFound(String code, String message) {
        return new Failure(Kind.NOT_FOUND, code, message);
    }

    public static Failure forbidden(String message) {
        return new Failure(Kind.FORBIDDEN, "SW_AUTH_INSUFFICIENT_PERMISSION", message);
    }

    public static Failure stale() {
        return new Failure(
                Kind.STALE, "SW_PRECONDITION_FAILED", "the resource has changed since: read it again, then repeat");
    }

    public static Failure capacity(String message) {
        return new Failure(Kind.CONFLICT, "SW_TENANT_CAPACITY", message);
    }

    public static Failure unavailable(String message) {
        return new Failure(Kind.UNAVAILABLE, "SW_UNAVAILABLE", message);
    }

    public static Failure rateLimited(String message, long retryAfterSeconds) {
        return new Failure(
                message, new Refusal(Kind.RATE_LIMITED, "SW_RATE_LIMIT_EXCEEDED", List.of(), retryAfterSeconds));
    }

    public static Failure internal() {
        return new Failure(
                Kind.INTERNAL, "SW_INTERNAL", "something went wrong on our side; the request id finds it in our log");
    }

    /** What a request over the bus failed with, as a failure: itself, or what silence on the bus means. */
    static Failure of(Throwable e) {
        if (e instanceof Failure failure) {
            return failure;
        }
        return unavailable("the server is starting, stopping or overloaded; try again");
    }

    public Kind kind() {
        return refusal.kind;
    }

    public String code() {
        return refusal.code;
    }

    public List<Detail> details() {
        return refusal.details;
    }

    /** When it is worth trying again; 0 where the time does not matter. */
    public long retryAfterSeconds() {
        return refusal.retryAfterSeconds;
    }
}
