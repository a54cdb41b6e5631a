package io.scaiwave.admin.auth;

import io.scaiwave.admin.bus.Failure;

/** The answer to a token that is not taken. */
final class InvalidToken {
    private InvalidToken() {}

    /** @param why goes on with the sentence "the bearer token …" */
    static Failure that(String why) {
        return new Failure(Failure.Kind.UNAUTHENTICATED, "SW_AUTH_INVALID_TOKEN", "the bearer token " + why);
    }
}
