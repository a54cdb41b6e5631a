package io.scaiwave.admin.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What PostgreSQL does of a statement by itself: pgbench, in the role of the server. */
final class PgBench {
    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");

    private PgBench() {}

    /** The program; empty where none is installed. */
    static Optional<Path> program() {
        Stream<Path> path = Stream.of(System.getenv("PATH").split(":", -1)).map(folder -> Path.of(folder, "pgbench"));
        return path.filter(Files::isExecutable).findFirst();
    }

    /** Runs of the script in a second, by so many clients. */
    static double perSecond(Platform platform, Path script, int clients, int seconds) throws IOException, InterruptedException {
        Process run = new ProcessBuilder(List.of(
                        program().orElseThrow().toString(),
                        "-n",
                        "-M",
                        "prepared",
                        "-c",
                        Integer.toString(clients),
                        "-j",
                        "1",
                        "-T",
                        Integer.toString(seconds),
                        "-f",
                        script.toString(),
                        platform.local().postgres().appUrl()))
                .redirectErrorStream(true)
                .start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher tps = TPS.matcher(said);
        if (run.waitFor() != 0 || !tps.find()) {
            throw new IllegalStateException("pgbench: " + said);
        }
        return Double.parseDouble(tps.group(1));
    }
}
