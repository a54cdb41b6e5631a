package io.scaiwave.admin.benchmarks;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much is measured.
 *
 * @param server the command that starts the server
 * @param entries in the audit log, of all tenants
 * @param seconds of a workload in a round
 * @param warmUps rounds that do not count
 * @param only a regular expression of the workloads' names
 * @param trail whether the trail is measured by itself, and open loops are: not when only some workloads are, unless it is asked for
 * @param statements whether to say what took PostgreSQL longest, after each workload
 * @param into the folder of the results
 */
record Options(
        List<String> server, int tenants, int entries, double seconds, int warmUps, int rounds, String only, boolean trail, boolean statements, Path into) {

    /** Arguments of the form {@code name=value}; {@code --quick} is less of all. */
    static Options read(String... arguments) {
        Map<String, String> given = new HashMap<>();
        for (String argument : arguments) {
            String[] pair = argument.replaceFirst("^--", "").split("=", 2);
            given.put(pair[0], pair.length == 2 ? pair[1] : "");
        }
        boolean quick = given.containsKey("quick");
        return new Options(
                List.of(given.getOrDefault("server", "java -jar target/scaiwave-admin.jar").split(" ", -1)),
                number(given, "tenants", 1_000),
                number(given, "entries", quick ? 100_000 : 1_000_000),
                number(given, "seconds", quick ? 4 : 6),
                number(given, "warm-ups", 3),
                number(given, "rounds", quick ? 3 : 5),
                given.getOrDefault("only", ".*"),
                !given.containsKey("only") || given.containsKey("trail"),
                given.containsKey("statements"),
                Path.of(given.getOrDefault("into", "benchmarks/results")));
    }

    private static int number(Map<String, String> given, String name, int otherwise) {
        return Integer.parseInt(given.getOrDefault(name, Integer.toString(otherwise)));
    }
}
