package io.scaiwave.admin.db;

import java.io.Serial;

/** Thrown for a database that this version cannot work with, however long it waits; its message is all that an operator needs. */
public final class UnfitDatabase extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public UnfitDatabase(String message) {
        super(message);
    }

    UnfitDatabase(String message, Throwable cause) {
        super(message, cause);
    }
}
