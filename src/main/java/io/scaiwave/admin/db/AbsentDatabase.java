package io.scaiwave.admin.db;

import java.io.Serial;

/** Thrown when a database did not answer in the time that it was waited for; its message is all that an operator needs. */
public final class AbsentDatabase extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    AbsentDatabase(String message, Throwable cause) {
        super(message, cause);
    }
}
