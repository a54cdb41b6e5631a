package io.scaiwave.admin.models;

import io.scaiwave.admin.bus.Failure;

/** The refusal SW_AI_NO_TOKEN: there is nothing to ask ScaiGrid with, or it does not take it. */
final class NoToken {
    private static final String CODE = "SW_AI_NO_TOKEN";

    private NoToken() {}

    static Failure because(String why) {
        return new Failure(Failure.Kind.UNAVAILABLE, CODE, "there is no usable ScaiGrid token: " + why);
    }

    static boolean is(Throwable e) {
        return e instanceof Failure failure && failure.code().equals(CODE);
    }
}
