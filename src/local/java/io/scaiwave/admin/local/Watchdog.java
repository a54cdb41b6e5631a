package io.scaiwave.admin.local;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Ends a daemon when this JVM is gone, even by SIGKILL: a shell waits for the end of its input, which we hold. */
final class Watchdog implements AutoCloseable {
    // Ctrl-C reaches the whole process group, and must not make the daemon stop before the server that uses it.
    private static final String SCRIPT = "trap '' INT TERM HUP; read -r line; kill -INT \"$1\"";

    private final Process shell;

    Watchdog(long pid) {
        try {
            shell = new ProcessBuilder("sh", "-c", SCRIPT, "sh", Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run sh", e);
        }
    }

    /** Lets the daemon live. */
    @Override
    public void close() {
        shell.destroyForcibly();
    }
}
