package io.scaiwave.admin.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** How long a process that starts is waited for: as long as it makes progress, which shows in what it writes. */
final class Patience {
    private static final long SILENCE_SECONDS_MAX = 180;
    private static final long TELL_SECONDS = 10;
    private static final long LOOK_SECONDS = 1;
    private static final int LINES_MAX = 10;

    private final String what;
    private final Path log;
    private final Path written;
    private final LongSupplier seconds;
    private final long startedAt;
    private long lookedAt;
    private long progressAt;
    private long toldAt;
    private long before = -1;

    /** @param written a file or a folder that grows, or gets more files, while the process makes progress */
    Patience(String what, Path log, Path written) {
        this(what, log, written, () -> TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()));
    }

    Patience(String what, Path log, Path written, LongSupplier seconds) {
        this.what = what;
        this.log = log;
        this.written = written;
        this.seconds = seconds;
        startedAt = seconds.getAsLong();
        lookedAt = startedAt;
        progressAt = startedAt;
        toldAt = startedAt;
    }

    /** To be asked again and again while one waits; now and then it says on the screen what for. */
    boolean isExhausted() {
        long now = seconds.getAsLong();
        if (now - lookedAt >= LOOK_SECONDS) {
            lookedAt = now;
            look(now);
        }
        if (now - toldAt >= TELL_SECONDS) {
            toldAt = now;
            System.out.println("Still waiting for " + what + ", for " + (now - startedAt) + " s; its log is " + log);
        }
        return now - progressAt >= SILENCE_SECONDS_MAX;
    }

    String silence() {
        return "made no progress for " + SILENCE_SECONDS_MAX + " s";
    }

    /** With the last lines of the log, which say why. */
    IllegalStateException failure(String reason) {
        return new IllegalStateException(what + " " + reason + "; the end of " + log + ":\n" + tail());
    }

    private void look(long now) {
        long size = size(written) + size(log);
        if (size != before) {
            before = size;
            progressAt = now;
        }
    }

    /** Bytes and files; files come and go while they are counted. */
    private static long size(Path path) {
        try (Stream<Path> all = Files.walk(path)) {
            return all.mapToLong(file -> 1 + file.toFile().length()).sum();
        } catch (IOException | UncheckedIOException changing) {
            return 0;
        }
    }

    private String tail() {
        try {
            // PostgreSQL writes its log in the encoding of the machine: malformed bytes must not hide the rest.
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_MAX), lines.size()));
        } catch (IOException e) {
            return "(there is no log)";
        }
    }
}
