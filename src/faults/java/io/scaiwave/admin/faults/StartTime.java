package io.scaiwave.admin.faults;

import io.scaiwave.admin.local.FreePort;
import io.scaiwave.admin.local.LocalPlatform;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures a start: from the launch of the process to the first 200 of /health/ready, on a database that is there and current. The
 * arguments are command lines, each of which becomes a row of the table; {@code runs=N} says how often each is started, by turns.
 */
public final class StartTime {
    private static final long POLL_MS = 5;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int OK = 200;
    private static final long STOP_SECONDS = 30;

    private record Run(long wallMs, long cpuMs) {}

    private StartTime() {}

    /** For example {@code runs=5 "java -jar target/scaiwave-admin.jar"}. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int runs = 5;
        Map<String, List<Run>> rows = new LinkedHashMap<>();
        for (String argument : args) {
            if (argument.startsWith("runs=")) {
                runs = Integer.parseInt(argument.substring("runs=".length()));
            } else {
                rows.put(argument, new ArrayList<>());
            }
        }
        try (LocalPlatform platform = LocalPlatform.start()) {
            Map<String, String> environment = platform.environment();
            start(rows.keySet().iterator().next(), environment); // makes the schema
            for (int i = 0; i < runs; i++) {
                for (Map.Entry<String, List<Run>> row : rows.entrySet()) {
                    row.getValue().add(start(row.getKey(), environment));
                }
            }
        }
        report(rows);
    }

    private static Run start(String command, Map<String, String> environment) throws IOException, InterruptedException {
        int port = FreePort.find();
        Path log = Files.createTempFile("start-", ".log");
        ProcessBuilder builder = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("SCAIWAVE_HTTP_PORT", Integer.toString(port));
        long began = System.nanoTime();
        Process process = builder.start();
        try {
            URI ready = URI.create("http://127.0.0.1:" + port + "/health/ready");
            while (!isReady(ready)) {
                if (!process.isAlive() || System.nanoTime() - began > LIMIT.toNanos()) {
                    throw new IllegalStateException(command + " did not become ready: " + Files.readString(log));
                }
                Thread.sleep(POLL_MS);
            }
            long wallMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            long cpuMs = process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
            return new Run(wallMs, cpuMs);
        } finally {
            process.destroy();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(log);
        }
    }

    private static boolean isReady(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setReadTimeout((int) LIMIT.toMillis());
            return connection.getResponseCode() == OK;
        } catch (IOException e) {
            return false;
        }
    }

    private static void report(Map<String, List<Run>> rows) {
        System.out.println("| Command | ready after, median (all), s | CPU time of it, median, s |\n|---|---|---|");
        rows.forEach((command, runs) -> {
            List<Long> wall = runs.stream().map(Run::wallMs).sorted().toList();
            List<Long> cpu = runs.stream().map(Run::cpuMs).sorted().toList();
            System.out.printf(
                    "| `%s` | %.2f (%.2f to %.2f) | %.2f |%n",
                    command,
                    seconds(wall, wall.size() / 2),
                    seconds(wall, 0),
                    seconds(wall, wall.size() - 1),
                    seconds(cpu, cpu.size() / 2));
        });
    }

    private static double seconds(List<Long> millis, int index) {
        return millis.get(index) / 1_000.0;
    }
}
