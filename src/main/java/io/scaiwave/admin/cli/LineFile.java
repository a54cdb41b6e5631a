package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.verify.Lines;
import io.scaiwave.admin.audit.verify.Unreadable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/** A file of one JSON object a line, or standard input, read in chunks of whole lines. */
final class LineFile {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int LINE_BYTES_MAX = 64 << 20;

    private final String name;
    private final InputStream standardInput;
    private final Progress progress;
    private long done;

    /** @param name {@code -}: standard input */
    LineFile(String name, InputStream standardInput, Progress progress) {
        this.name = name;
        this.standardInput = standardInput;
        this.progress = progress;
    }

    /** @throws Unreadable when the file is not there, cannot be read, or has a line without end */
    void read(Consumer<Lines> receiver) {
        try (InputStream in = name.equals("-") ? standardInput : Files.newInputStream(Path.of(name))) {
            read(in, name.equals("-") ? 0 : Files.size(Path.of(name)), receiver);
        } catch (NoSuchFileException e) {
            throw new Unreadable("there is no file " + name, e);
        } catch (IOException e) {
            throw new Unreadable(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void read(InputStream in, long size, Consumer<Lines> receiver) throws IOException {
        byte[] buffer = new byte[CHUNK_BYTES];
        int filled = 0;
        long line = 1;
        int read;
        while ((read = in.readNBytes(buffer, filled, buffer.length - filled)) > 0) {
            filled += read;
            done += read;
            progress.read(done, size);
            int end = filled;
            while (end > 0 && buffer[end - 1] != '\n') {
                end--;
            }
            if (end == 0 && filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, longer(buffer.length, line));
            } else if (end > 0) {
                Lines chunk = new Lines(buffer, end, line);
                line += chunk.count();
                byte[] rest = new byte[Math.max(CHUNK_BYTES, 2 * (filled - end))];
                System.arraycopy(buffer, end, rest, 0, filled - end);
                filled -= end;
                buffer = rest;
                receiver.accept(chunk);
            }
        }
        if (filled > 0) {
            receiver.accept(new Lines(buffer, filled, line));
        }
    }

    private int longer(int bytes, long line) {
        if (bytes >= LINE_BYTES_MAX) {
            throw new Unreadable("line %d of %s is longer than %d bytes".formatted(line, name, LINE_BYTES_MAX));
        }
        return 2 * bytes;
    }
}
