package io.scaiwave.admin.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a proof did, what it measured, and what was not as it must be. */
final class Report {
    private static final int NAME_WIDTH = 44;

    private final String fault;
    private final String done;
    private final Map<String, String> figures = new LinkedHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private boolean skipped;
    private final long startNanos = System.nanoTime();

    Report(String fault, String done) {
        this.fault = fault;
        this.done = done;
        progress("begins: " + done);
    }

    void figure(String name, Object value) {
        figures.put(name, value.toString());
    }

    /** A figure that must be 0. */
    void none(String name, long count) {
        atMost(name, (double) count, 0, "");
    }

    /** A figure with a limit. */
    void atMost(String name, double value, double limit, String unit) {
        String text = (number(value) + " " + unit).strip();
        figures.put(name, limit == 0 ? text : "%s (limit %s)".formatted(text, number(limit)));
        if (value > limit) {
            violated("%s: %s, limit %s".formatted(name, text, number(limit)));
        }
    }

    void violated(String sentence) {
        violations.add(sentence);
    }

    /** It was not tried, for this reason: that it holds is not said. */
    void skipped(String reason) {
        skipped = true;
        figure("not tried", reason);
    }

    /** A line while it runs. */
    void progress(String line) {
        System.out.printf("[%4d s] %s: %s%n", seconds(), fault, line);
    }

    /** Ends the clock. */
    Report end() {
        figure("whole duration", seconds() + " s");
        progress(violations.isEmpty() ? verdict() : "VIOLATED, " + violations.size() + " times");
        return this;
    }

    private String verdict() {
        if (skipped) {
            return "skipped";
        }
        return violations.isEmpty() ? "holds" : "VIOLATED";
    }

    boolean isSkipped() {
        return skipped;
    }

    List<String> violations() {
        return violations;
    }

    private long seconds() {
        return (System.nanoTime() - startNanos) / 1_000_000_000L;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : "%.2f".formatted(value);
    }

    /** All of them as one table. */
    static String table(List<Report> reports) {
        StringBuilder text = new StringBuilder();
        for (Report report : reports) {
            text.append('\n')
                    .append(report.fault)
                    .append(" | ")
                    .append(report.done)
                    .append('\n');
            report.figures.forEach((name, value) -> text.append("    ")
                    .append(name)
                    .append(dots(name))
                    .append(value)
                    .append('\n'));
            text.append("    verdict").append(dots("verdict"));
            text.append(report.verdict()).append('\n');
            report.violations.forEach(
                    each -> text.append("      ! ").append(each).append('\n'));
        }
        return text.toString();
    }

    private static String dots(String name) {
        return " " + ".".repeat(Math.max(1, NAME_WIDTH - name.length())) + " ";
    }
}
