package io.scaiwave.admin.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Runs a program to its end. */
final class Command {
    private static final long TIMEOUT_SECONDS = 60;
    private static final long POLL_MS = 200;

    record Result(int status, String output) {
        Result orThrow(String what) {
            if (status != 0) {
                throw new IllegalStateException(what + " failed (status " + status + "): " + output.strip());
            }
            return this;
        }
    }

    private Command() {}

    /** For what is over at once; with status -1 when it is not. */
    static Result run(List<String> prefix, String... arguments) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        return run(() -> System.nanoTime() > deadline, prefix, arguments);
    }

    /** Until it ends by itself or is given up, which is asked now and then; with status -1 then. */
    static Result run(BooleanSupplier givenUp, List<String> prefix, String... arguments) {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(List.of(arguments));
        try {
            // A file and not a pipe: a daemon that the program leaves behind may hold a pipe open for ever.
            Path output = Files.createTempFile("scaiwave-", ".out");
            try {
                return run(givenUp, line, output);
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

    private static Result run(BooleanSupplier givenUp, List<String> line, Path output)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        while (!process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
            if (givenUp.getAsBoolean()) {
                process.destroyForcibly();
                return new Result(-1, "it did not end: " + line);
            }
        }
        return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
