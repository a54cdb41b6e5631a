package io.scaiwave.admin.local;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server that some command line starts, as a process that is ready. */
public final class LocalServer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MS = 5;
    private static final int OK = 200;

    private final Path log;
    private final Process process;
    private final double readySeconds;

    private LocalServer(List<String> command, int port, Map<String, String> environment) throws IOException {
        log = Files.createTempFile("scaiwave-server-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("SCAIWAVE_HTTP_PORT", Integer.toString(port));
        long began = System.nanoTime();
        process = builder.start();
        awaitReady(URI.create("http://127.0.0.1:" + port + "/health/ready"), began);
        readySeconds = (System.nanoTime() - began) / 1e9;
    }

    /** Returns when /health/ready says 200. */
    public static LocalServer start(List<String> command, int port, Map<String, String> environment) throws IOException {
        return new LocalServer(command, port, environment);
    }

    private void awaitReady(URI ready, long began) throws IOException {
        while (!isReady(ready)) {
            if (!process.isAlive() || System.nanoTime() - began > LIMIT.toNanos()) {
                process.destroyForcibly();
                throw new IllegalStateException("the server did not become ready: " + Files.readString(log));
            }
            pause();
        }
    }

    private static boolean isReady(URI ready) {
        try {
            HttpURLConnection connection = (HttpURLConnection) ready.toURL().openConnection();
            connection.setReadTimeout((int) LIMIT.toMillis());
            return connection.getResponseCode() == OK;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the server started", e);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** From its launch to its first 200. */
    public double readySeconds() {
        return readySeconds;
    }

    /** What its processors have worked so far. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** By SIGTERM, and by SIGKILL when that takes too long. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // it stays behind
        }
    }
}
