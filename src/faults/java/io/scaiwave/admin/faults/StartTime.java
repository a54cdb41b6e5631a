package io.scaiwave.admin.faults;

import io.scaiwave.admin.local.FreePort;
import io.scaiwave.admin.local.LocalPlatform;
import io.scaiwave.admin.local.LocalServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures a start: from the launch of the process to the first 200 of /health/ready, on a database that is there and current. The
 * arguments are command lines, each of which becomes a row of the table; {@code runs=N} says how often each is started, by turns.
 */
public final class StartTime {
    private record Run(double wallSeconds, double cpuSeconds) {}

    private StartTime() {}

    /** For example {@code runs=5 "java -jar target/scaiwave-admin.jar"}. */
    public static void main(String[] args) throws IOException {
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

    private static Run start(String command, Map<String, String> environment) throws IOException {
        try (LocalServer server = LocalServer.start(List.of(command.split(" ")), FreePort.find(), environment)) {
            return new Run(server.readySeconds(), server.cpu().toMillis() / 1e3);
        }
    }

    private static void report(Map<String, List<Run>> rows) {
        System.out.println("| Command | ready after, median (all), s | CPU time of it, median, s |\n|---|---|---|");
        rows.forEach((command, runs) -> {
            List<Double> wall = runs.stream().map(Run::wallSeconds).sorted().toList();
            List<Double> cpu = runs.stream().map(Run::cpuSeconds).sorted().toList();
            System.out.printf(
                    "| `%s` | %.2f (%.2f to %.2f) | %.2f |%n",
                    command,
                    wall.get(wall.size() / 2),
                    wall.get(0),
                    wall.get(wall.size() - 1),
                    cpu.get(cpu.size() / 2));
        });
    }
}
