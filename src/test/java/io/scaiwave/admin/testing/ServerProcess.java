package io.scaiwave.admin.testing;

import static org.awaitility.Awaitility.await;

import io.scaiwave.admin.Main;
import io.scaiwave.admin.local.ClassPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server as a process of its own, so that a test can kill it as a crash would. */
public final class ServerProcess implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("listens on port (\\d+)");
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long STOP_SECONDS = 20;

    private final Path log;
    private final Process process;
    private final Thread endWithUs;
    private int port;

    private ServerProcess(Map<String, String> environment, Path directory) throws IOException {
        log = Files.createTempFile("scaiwave-admin-", ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        ClassPath.current(),
                        Main.class.getName())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("SCAIWAVE_ACCESS_LOG", "WARN");
        process = builder.start();
        endWithUs = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(endWithUs);
    }

    /** Returns at once, while it starts. */
    public static ServerProcess launch(Map<String, String> environment) {
        return launch(environment, Path.of(""));
    }

    /** Returns when it listens. */
    public static ServerProcess start(Map<String, String> environment) {
        return start(environment, Path.of(""));
    }

    /** The same in a working directory that may have a conf/ of its own. */
    public static ServerProcess start(Map<String, String> environment, Path directory) {
        return launch(environment, directory).awaitListening();
    }

    private static ServerProcess launch(Map<String, String> environment, Path directory) {
        try {
            return new ServerProcess(environment, directory.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it listens; kills it when it does not in time. */
    public ServerProcess awaitListening() {
        try {
            port = await().pollInSameThread()
                    .atMost(READY)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(this::announcedPort, found -> found > 0);
            return this;
        } catch (RuntimeException e) {
            kill();
            throw e;
        }
    }

    private int announcedPort() throws IOException {
        String said = Files.readString(log);
        if (!process.isAlive()) {
            throw new IllegalStateException("the server did not start: " + said);
        }
        Matcher line = LISTENS.matcher(said);
        return line.find() ? Integer.parseInt(line.group(1)) : 0;
    }

    public Api api(Map<String, String> headers) {
        return new Api(port, headers);
    }

    public long pid() {
        return process.pid();
    }

    /** By SIGSTOP: it stands still, with its connections open, until {@link #resume}. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("no SIG" + name + " to process " + process.pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** By SIGKILL: nothing of it runs after this. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** By SIGTERM, as an operator would. */
    public int stop() {
        process.destroy();
        awaitEnd();
        return process.exitValue();
    }

    /** The exit status of a process that ends by itself. */
    public int awaitExit() {
        awaitEnd();
        return process.exitValue();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "the server did not stop within " + STOP_SECONDS + " s; its log: " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public List<String> log() {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd();
        Runtime.getRuntime().removeShutdownHook(endWithUs);
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
