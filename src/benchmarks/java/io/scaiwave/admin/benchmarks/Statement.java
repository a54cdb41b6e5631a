package io.scaiwave.admin.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement exactly as the server sends it, seen in PostgreSQL's log, as a script of pgbench: each run names another tenant, and
 * where {@link #MARK} stands, another number.
 */
record Statement(String sql, List<String> parameters) {
    /** What the request carries where each run of the script is to carry a number of its own. */
    static final String MARK = "benchmark-mark";

    private static final Pattern EXECUTED = Pattern.compile(
            "LOG:  execute [^:]*: (.*?)\\n[^\\n]*DETAIL:  [Pp]arameters: (.*?)\\n(?=\\d{4}-\\d\\d-\\d\\d )", Pattern.DOTALL);
    private static final Pattern VALUE = Pattern.compile("\\$(\\d+) = ('(?:[^']|'')*'|NULL)");

    /** Those that PostgreSQL executes while the request is served, longest first. */
    static List<Statement> during(Platform platform, Runnable request) throws Exception {
        Path log = platform.local().postgres().log();
        platform.change("ALTER SYSTEM SET log_statement = 'all'");
        platform.change("SELECT pg_reload_conf()");
        Thread.sleep(500);
        long from = Files.size(log);
        request.run();
        Thread.sleep(500);
        platform.change("ALTER SYSTEM RESET log_statement");
        platform.change("SELECT pg_reload_conf()");
        Thread.sleep(500);
        return read(new String(Files.readAllBytes(log), java.nio.charset.StandardCharsets.UTF_8).substring((int) from));
    }

    static List<Statement> read(String log) {
        List<Statement> all = new ArrayList<>();
        Matcher executed = EXECUTED.matcher(log);
        while (executed.find()) {
            List<String> values = new ArrayList<>();
            Matcher value = VALUE.matcher(executed.group(2));
            while (value.find()) {
                values.add(value.group(2));
            }
            all.add(new Statement(executed.group(1).replace("\n\t", " "), values));
        }
        all.sort(Comparator.comparingInt((Statement each) -> each.sql.length()).reversed());
        return all;
    }

    /** @param tenantId whose request it was */
    Path script(String tenantId, int tenants) throws IOException {
        StringBuilder filled = new StringBuilder();
        Matcher place = Pattern.compile("\\$(\\d+)").matcher(sql);
        while (place.find()) {
            String value = value(parameters.get(Integer.parseInt(place.group(1)) - 1), tenantId);
            place.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        place.appendTail(filled);
        Path script = Files.createTempFile("scaiwave-pgbench-", ".sql");
        return Files.writeString(script, """
                \\set tenant random(0, %d)
                \\set number random(1, 1000000000)
                %s;
                """.formatted(tenants - 1, filled.toString().replaceAll("\\s+", " ")));
    }

    private static String value(String literal, String tenantId) {
        String tenant = Platform.tenantId(":tenant");
        if (literal.equals("'" + tenantId + "'")) {
            return tenant;
        }
        return "(" + literal.replace(tenantId, "' || " + tenant + "::text || '").replace(MARK, "' || (:number)::text || '") + ")";
    }
}
