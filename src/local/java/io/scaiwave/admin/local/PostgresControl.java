package io.scaiwave.admin.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The commands of one PostgreSQL data folder: initdb, and pg_ctl's start and stop. */
final class PostgresControl {
    private static final int CONNECTIONS_MAX = 300;
    private static final int STOP_SECONDS = 20;
    private static final String NO_LIMIT_SECONDS = "86400";

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
                initialise(half);
                Files.move(half, data, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.setPosixFilePermissions(
                    data, PosixFilePermissions.fromString("rwx------")); // or PostgreSQL refuses it
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + data, e);
        }
    }

    private void initialise(Path half) {
        Patience patience = new Patience("PostgreSQL's initdb", half.resolve("server.log"), half);
        String[] options = {
            "-D",
            half.toString(),
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C", // the built-in locale sorts and folds the same on every machine
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8"
        };
        run(patience::isExhausted, "initdb", options).orThrow("Making the PostgreSQL data folder " + half);
    }

    /** Returns when the server takes connections; throws with the end of its log when it does not start. */
    void start(int port, boolean fsync) {
        String options = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections="
                + CONNECTIONS_MAX + " -c fsync=" + (fsync ? "on" : "off");
        Path log = data.resolve("server.log");
        Patience patience = new Patience("PostgreSQL", log, data);
        String[] arguments = {
            "-D", data.toString(), "-l", log.toString(), "-o", options, "-t", NO_LIMIT_SECONDS, "-w", "start"
        };
        Command.Result result = run(patience::isExhausted, "pg_ctl", arguments);
        if (result.status() == -1) {
            stop("immediate");
            throw patience.failure(patience.silence());
        }
        if (result.status() != 0) {
            throw patience.failure("did not start on port " + port);
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
        return Command.run(user.prefix(), line(program, arguments));
    }

    private Command.Result run(BooleanSupplier givenUp, String program, String... arguments) {
        return Command.run(givenUp, user.prefix(), line(program, arguments));
    }

    private String[] line(String program, String... arguments) {
        return Stream.concat(Stream.of(bin.resolve(program).toString()), Stream.of(arguments))
                .toArray(String[]::new);
    }
}
