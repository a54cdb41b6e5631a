package io.scaiwave.admin.local;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A small disk of its own for a part of PostgreSQL's data, to be filled and given room again. Only root can have one, on Linux. */
public final class SmallDisk implements AutoCloseable {
    private static final String BALLAST = "ballast";
    private static final int PAGE = 4_096; // a smaller hole takes nothing of PostgreSQL's either

    private final LocalPostgres postgres;
    private final Path place;
    private final Thread atExit = new Thread(this::unmount, "small-disk");

    private SmallDisk(LocalPostgres postgres, Path place) {
        this.postgres = postgres;
        this.place = place;
    }

    /** Why there can be none here; empty where there can. */
    public static Optional<String> obstacle() {
        if (!System.getProperty("os.name").equals("Linux") || new UnixSystem().getUid() != 0) {
            return Optional.of("a small disk is mounted by root on Linux only");
        }
        Folder folder = Folder.of(null);
        try {
            Command.Result mounted = mount(folder.path(), 1);
            if (mounted.status() != 0) {
                return Optional.of("mounting is not allowed here: " + mounted.output().strip());
            }
            unmount(folder.path());
            return Optional.empty();
        } finally {
            folder.deleteIfTemporary();
        }
    }

    /** Moves a folder of PostgreSQL's data to a disk of that size, for which PostgreSQL stops and starts again. */
    public static SmallDisk of(LocalPostgres postgres, String part, int mebibytes) {
        SmallDisk disk = new SmallDisk(postgres, postgres.data().resolve(part));
        postgres.whileStopped(() -> disk.move(mebibytes));
        return disk;
    }

    private void move(int mebibytes) {
        Path before = place.resolveSibling(place.getFileName() + ".before");
        try {
            Files.move(place, before);
            Files.createDirectory(place);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot move " + place, e);
        }
        Runtime.getRuntime().addShutdownHook(atExit);
        mount(place, mebibytes).orThrow("Mounting " + place);
        Command.run(List.of("cp", "-a"), before + "/.", place.toString()).orThrow("Copying " + before);
    }

    /** Takes all the room that is left. */
    public void fill() {
        byte[] page = new byte[PAGE];
        try (OutputStream out = Files.newOutputStream(place.resolve(BALLAST))) {
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            // as it should be
        }
    }

    /** Gives the room back. */
    public void clear() {
        try {
            Files.delete(place.resolve(BALLAST));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops PostgreSQL, whose data go with the disk. */
    @Override
    public void close() {
        postgres.stopImmediately();
        Runtime.getRuntime().removeShutdownHook(atExit);
        unmount();
    }

    private void unmount() {
        unmount(place);
    }

    private static Command.Result mount(Path place, int mebibytes) {
        return Command.run(
                List.of("mount", "-t", "tmpfs", "-o"), "size=" + mebibytes + "m", "scaiwave", place.toString());
    }

    /** Also while it is still in use: its data go with the last user. */
    private static void unmount(Path place) {
        Command.run(List.of("umount", "-l"), place.toString()).orThrow("Unmounting " + place);
    }
}
