package io.scaiwave.admin.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The commands of one PostgreSQL data folder: initdb, and pg_ctl's start and stop. */
final class PostgresControl {
    private static final int CONNECTIONS_MAX = 300;
    private static final int STOP_SECONDS = 20;

    private final Path bin;
    private final Path data;
    private final Unprivileged user;

    PostgresControl(Path data) {
        this.bin = PostgresBinaries.unpacked().resolve("bin");
        this.data = data;
        this.user = Unprivileged.detect();
    }

    /** Beside its place, and moved there when it is whole: a start that was killed leaves nothing half made. */
    void initialiseOnce() {
        try {
            if (!Files.exists(data)) {
                Path half = data.resolveSibling(data.getFileName() + ".new");
                Folder.delete(half);
                Files.createDirectories(half);
                user.own(half);
                // The built-in locale sorts and folds the same on every machine.
                run(
                                "initdb",
                                "-D",
                                half.toString(),
                                "-A",
                                "trust",
                                "-U",
                                "postgres",
                                "-E",
                                "UTF8",
                                "--no-sync",
                                "--locale=C",
                                "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8")
                        .orThrow("Making the PostgreSQL data folder " + half);
                Files.move(half, data, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.setPosixFilePermissions(
                    data, PosixFilePermissions.fromString("rwx------")); // or PostgreSQL refuses it
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + data, e);
        }
    }

    /** Returns when the server takes connections; throws with the end of its log when it does not start. */
    void start(int port, boolean fsync) {
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections="
                + CONNECTIONS_MAX + " -c fsync=" + (fsync ? "on" : "off");
        String log = data.resolve("server.log").toString();
        Command.Result result = run("pg_ctl", "-D", data.toString(), "-l", log, "-o", options, "-w", "start");
        if (result.status() != 0) {
            throw new IllegalStateException(
                    "PostgreSQL did not start on port " + port + "; " + log + " says why:\n" + tail());
        }
    }

    void stop(String mode) {
        run("pg_ctl", "-D", data.toString(), "-m", mode, "-t", Integer.toString(STOP_SECONDS), "-w", "stop");
    }

    /** The process id of the server that runs on this folder; 0 when there is none. */
    long pid() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
            return ProcessHandle.of(pid)
                    .filter(this::isOurs)
                    .map(ProcessHandle::pid)
                    .orElse(0L);
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException none) {
            return 0;
        }
    }

    /**
     * Ends the server that a killed process left behind on this folder. A pid file alone is no proof of one: after a
     * reboot the number may be another program's, and PostgreSQL would refuse to start because of it.
     */
    void stopLeftover() {
        if (pid() != 0) {
            stop("fast");
        }
        long survivor = pid();
        if (survivor != 0) {
            throw new IllegalStateException(
                    "PostgreSQL (process " + survivor + ") still runs on " + data + ": end it first");
        }
        try {
            Files.deleteIfExists(data.resolve("postmaster.pid"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove the stale postmaster.pid of " + data, e);
        }
    }

    private boolean isOurs(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains(data.toString());
    }

    private Command.Result run(String program, String... arguments) {
        String[] line = new String[arguments.length + 1];
        line[0] = bin.resolve(program).toString();
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        return Command.run(user.prefix(), line);
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(data.resolve("server.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }
}
