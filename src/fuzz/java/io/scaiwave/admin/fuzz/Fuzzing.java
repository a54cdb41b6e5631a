package io.scaiwave.admin.fuzz;

import io.scaiwave.admin.local.ClassPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Lets Jazzer look for inputs that break a parser, each target in a process of its own, and prints how many runs there were. */
public final class Fuzzing {
    private static final Path HOME = Path.of("target/fuzz");
    /** Jazzer's hooks for Unsafe break Netty. */
    private static final String UNUSED_HOOKS = "com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer";

    private static final String INSTRUMENTED = "io.scaiwave.**:com.fasterxml.jackson.core.**:io.vertx.core.json.**";
    private static final Pattern RUNS = Pattern.compile("stat::number_of_executed_units: (\\d+)");

    private Fuzzing() {}

    /** The arguments: {@code seconds=60 targets=token,body}; all targets unless some are named. */
    public static void main(String[] args) throws IOException, InterruptedException {
        long runs = 0;
        long findings = 0;
        for (String target : targets(args)) {
            int status = fuzz(target, argument(args, "seconds", "60"));
            long done = runs(target);
            long found = findings(target);
            System.out.printf("%-14s %,12d runs, %d findings, status %d%n", target, done, found, status);
            runs += done;
            findings += found;
        }
        System.out.printf("%-14s %,12d runs, %d findings%n", "in all", runs, findings);
        System.exit(findings == 0 ? 0 : 1);
    }

    private static List<String> targets(String[] args) {
        String named = argument(args, "targets", "");
        return named.isEmpty() ? List.copyOf(Targets.ALL.keySet()) : List.of(named.split(","));
    }

    private static String argument(String[] args, String name, String otherwise) {
        return Stream.of(args)
                .filter(argument -> argument.startsWith(name + "="))
                .map(argument -> argument.substring(name.length() + 1))
                .findFirst()
                .orElse(otherwise);
    }

    private static int fuzz(String target, String seconds) throws IOException, InterruptedException {
        Path home = Files.createDirectories(HOME.resolve(target));
        Path found = Files.createDirectories(home.resolve("corpus"));
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                ClassPath.current(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + Entry.class.getName(),
                "--target_args=" + target,
                "--instrumentation_includes=" + INSTRUMENTED,
                "--custom_hook_includes=" + INSTRUMENTED));
        line.addAll(List.of(
                "--disabled_hooks=" + UNUSED_HOOKS,
                "--reproducer_path=" + home,
                "-artifact_prefix=" + home + "/",
                "-max_total_time=" + seconds,
                "-print_final_stats=1",
                found.toString(),
                Targets.CORPUS.resolve(target).toString()));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start()
                .waitFor();
    }

    private static long runs(String target) throws IOException {
        Matcher matcher = RUNS.matcher(Files.readString(HOME.resolve(target).resolve("log")));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static long findings(String target) throws IOException {
        try (Stream<Path> files = Files.list(HOME.resolve(target))) {
            return files.filter(file -> file.getFileName().toString().matches("(crash|timeout|oom|slow-unit)-.*"))
                    .count();
        }
    }
}
