package io.scaiwave.admin.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The medians of all rounds, as a table for people, as JSON for programs, and as a chart. */
final class Report {
    private static final int BAR_MAX = 420;
    private static final int BAR_HEIGHT = 22;
    private static final int LABEL = 220;

    private Report() {}

    static void write(Options options, Platform platform, Map<String, List<Measured>> rows, List<String> trail) throws IOException {
        Map<String, Measured> medians = new LinkedHashMap<>();
        rows.forEach((name, all) -> medians.put(name, median(all)));
        String table = table(options, platform, medians) + trail(trail);
        Files.createDirectories(options.into());
        Files.writeString(options.into().resolve("results.md"), table);
        Files.writeString(options.into().resolve("results.svg"), chart(medians));
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(options.into().resolve("results.json").toFile(), rows);
        System.out.println(table);
    }

    static Measured median(List<Measured> all) {
        return new Measured(
                median(all, Measured::perSecond),
                all.stream().mapToLong(Measured::failed).sum(),
                median(all, Measured::p50Ms),
                median(all, Measured::p99Ms),
                median(all, Measured::p999Ms),
                median(all, Measured::serverMs),
                median(all, Measured::postgresMs),
                (long) median(all, Measured::residentMib),
                median(all, Measured::limit));
    }

    private static double median(List<Measured> all, ToDoubleFunction<Measured> of) {
        double[] sorted = all.stream().mapToDouble(of).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static String table(Options options, Platform platform, Map<String, Measured> medians) {
        StringBuilder table = new StringBuilder("""
                %s, %d processors, Java %s, %d tenants, %,d audit entries, %d rounds of %.0f s, medians. Ready after %.1f s.

                | | req/s | of PostgreSQL alone | failed | p50 ms | p99 ms | p99.9 ms | server CPU ms | PostgreSQL CPU ms | resident MiB |
                |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """.formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version().feature(),
                        options.tenants(),
                        options.entries(),
                        options.rounds(),
                        options.seconds(),
                        platform.readySeconds()));
        medians.forEach((name, row) -> table.append("| %s | %,.0f | %s | %d | %.1f | %.1f | %.1f | %.3f | %.3f | %d |%n"
                .formatted(
                        name,
                        row.perSecond(),
                        row.limit() == 0 ? "" : "%.0f %% of %,.0f".formatted(100 * row.perSecond() / row.limit(), row.limit()),
                        row.failed(),
                        row.p50Ms(),
                        row.p99Ms(),
                        row.p999Ms(),
                        row.serverMs(),
                        row.postgresMs(),
                        row.residentMib())));
        return table.toString();
    }

    private static String trail(List<String> lines) {
        return lines.isEmpty() ? "" : "\nThe trail: " + String.join("; ", lines) + ".\n";
    }

    private static String chart(Map<String, Measured> medians) {
        double most = medians.values().stream()
                .flatMapToDouble(row -> Arrays.stream(new double[] {row.perSecond(), row.limit()}))
                .max()
                .orElse(1);
        StringBuilder bars = new StringBuilder();
        int y = 0;
        for (Map.Entry<String, Measured> row : medians.entrySet()) {
            bars.append(bar(y, row.getKey(), row.getValue().perSecond() / most, row.getValue().perSecond()));
            y += BAR_HEIGHT;
            if (row.getValue().limit() > 0) {
                bars.append(bar(y, "… PostgreSQL alone", row.getValue().limit() / most, row.getValue().limit()));
                y += BAR_HEIGHT;
            }
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
                %s</svg>
                """.formatted(LABEL + BAR_MAX + 80, y, bars);
    }

    private static String bar(int y, String name, double part, double figure) {
        return """
                <text x="0" y="%1$d">%2$s</text><rect x="%3$d" y="%4$d" width="%5$.0f" height="%6$d" fill="%7$s"/><text x="%8$.0f" y="%1$d">%9$,.0f/s</text>
                """.formatted(
                        y + 15,
                        name,
                        LABEL,
                        y + 3,
                        part * BAR_MAX,
                        BAR_HEIGHT - 6,
                        name.startsWith("…") ? "#b0b8c4" : "#3366cc",
                        LABEL + part * BAR_MAX + 4,
                        figure);
    }
}
