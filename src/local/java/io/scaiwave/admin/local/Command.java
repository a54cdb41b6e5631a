package io.scaiwave.admin.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
final class Command {
    private static final long TIMEOUT_SECONDS = 60;

    record Result(int status, String output) {
        Result orThrow(String what) {
            if (status != 0) {
                throw new IllegalStateException(what + " failed (status " + status + "): " + output.strip());
            }
            return this;
        }
    }

    private Command() {}

    static Result run(List<String> prefix, String... arguments) {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(List.of(arguments));
        try {
            // A file and not a pipe: a daemon that the program leaves behind may hold a pipe open for ever.
            Path output = Files.createTempFile("scaiwave-", ".out");
            try {
                Process process = new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return new Result(-1, "no end after " + TIMEOUT_SECONDS + " s: " + line);
                }
                return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run " + line.get(0), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + line.get(0) + " ran", e);
        }
    }
}
