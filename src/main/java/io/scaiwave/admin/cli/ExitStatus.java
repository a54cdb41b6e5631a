package io.scaiwave.admin.cli;

/** What a verb ends with, for scripts. */
final class ExitStatus {
    /** All is well. */
    static final int WHOLE = 0;
    /** The trail is not whole, or something was refused. */
    static final int NOT_WHOLE = 1;
    /** It could not be read, or the arguments or settings are wrong. */
    static final int UNREADABLE = 2;

    private ExitStatus() {}
}
