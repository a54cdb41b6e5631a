package io.scaiwave.admin.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real PgBouncer in front of a LocalPostgres, where the machine has the program. */
public final class LocalPgBouncer implements AutoCloseable {
    private static final long STOP_SECONDS = 10;
    private static final long POLL_MS = 20;

    private static final String SETTINGS = """
            [databases]
            * = host=127.0.0.1 port=%d
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = %d
            unix_socket_dir =
            auth_type = trust
            auth_file = %s
            """;
    private static final String USERS = """
            "scaiwave_owner" "local"
            "scaiwave_app" "local"
            """;

    private final Folder folder;
    private final int port;
    private final Process process;

    private LocalPgBouncer(Folder folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** The program, if it is installed. */
    public static Optional<Path> program() {
        return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param settings further lines of its own section */
    public static LocalPgBouncer start(LocalPostgres postgres, String settings) {
        Folder folder = Folder.of(null);
        int port = FreePort.find();
        try {
            Path users = Files.writeString(folder.file("users.txt"), USERS);
            Path file = Files.writeString(
                    folder.file("pgbouncer.ini"), SETTINGS.formatted(postgres.port(), port, users) + settings);
            File log = folder.file("pgbouncer.log").toFile();
            List<String> command = new ArrayList<>(Unprivileged.detect().prefix());
            command.addAll(List.of(program().orElseThrow().toString(), file.toString()));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log)
                    .start();
            LocalPgBouncer started = new LocalPgBouncer(folder, port, process);
            started.awaitListening(log.toPath());
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same address, through it. */
    public String through(String url) {
        return url.replaceFirst("127\\.0\\.0\\.1:\\d+", "127.0.0.1:" + port);
    }

    private void awaitListening(Path log) throws IOException {
        while (FreePort.isFree("127.0.0.1", port)) {
            if (!process.isAlive()) {
                throw new IllegalStateException("PgBouncer did not start: " + Files.readString(log));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        folder.deleteIfTemporary();
    }
}
