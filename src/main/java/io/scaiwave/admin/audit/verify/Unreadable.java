package io.scaiwave.admin.audit.verify;

/** What was to be checked could not be read; the message is all that the operator needs. */
final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreadable(String sentence) {
        super(sentence);
    }

    Unreadable(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
