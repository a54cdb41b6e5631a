package io.scaiwave.admin.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Where a part of the platform keeps its data: a given folder that stays, or a temporary one that goes with it. */
record Folder(Path path, boolean temporary) {
    static Folder of(Path pathOrNull) {
        try {
            if (pathOrNull == null) {
                return new Folder(Files.createTempDirectory("scaiwave-"), true);
            }
            return new Folder(
                    Files.createDirectories(pathOrNull.toAbsolutePath().normalize()), false);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the data folder " + pathOrNull, e);
        }
    }

    Path file(String name) {
        return path.resolve(name);
    }

    /** The text of a file that holds a secret, made on first use and readable by its owner only. */
    String kept(String name, Supplier<String> fresh) {
        Path file = file(name);
        try {
            return Files.readString(file);
        } catch (NoSuchFileException absent) {
            String text = fresh.get();
            write(name, text);
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** Replaces the file in one step, so that a killed process leaves the old text or the new one. */
    void write(String name, String text) {
        Path half = file(name + ".tmp");
        try {
            Files.deleteIfExists(half);
            Files.createFile(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(half, text);
            Files.move(half, file(name), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file(name), e);
        }
    }

    void deleteIfTemporary() {
        if (temporary) {
            delete(path);
        }
    }

    static void delete(Path root) {
        if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + root, e);
        }
    }
}
