package io.scaiwave.admin.audit.verify;

import java.io.Serial;

/** What was to be checked could not be read; the message is all that the operator needs. */
public final class Unreadable extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public Unreadable(String sentence) {
        super(sentence);
    }

    public Unreadable(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
