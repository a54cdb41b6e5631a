package io.scaiwave.admin.cli;

import java.io.Serial;

/** What a verb was asked for, and does not do. */
final class Refusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    Refusal(String message) {
        super(message);
    }

    Refusal(RuntimeException cause) {
        super(cause.getMessage(), cause);
    }
}
