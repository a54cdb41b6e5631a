package io.scaiwave.admin.testing;

import java.util.List;
import java.util.stream.Collectors;

/** A sum over all rows of all tables that hold what callers own, to tell whether something has changed that should not. */
public final class DataDigest {
    /** The trail is looked at by itself; the rest moves on without a call: what was consumed, and the kept copy of ScaiGrid's catalogue. */
    private static final String TABLES = """
            SELECT tablename FROM pg_tables
            WHERE schemaname = 'public' AND tablename !~ '^(audit_|activity_|flyway_|model_catalog$)' ORDER BY 1
            """;

    private static final String SUM = """
            SELECT '%1$s:' || count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM %1$s t
            WHERE NOT EXISTS (SELECT FROM unnest(string_to_array('%2$s', ',')) AS own WHERE strpos(t::text, own) > 0)
            """;

    private DataDigest() {}

    /** By table: its name, how many rows, and their sum. */
    public record Digest(List<String> sums) {}

    /** @param without rows that mention one of these ids are left out */
    public static Digest of(TestServer server, List<String> without) {
        String own = String.join(",", without);
        String query = Sql.texts(server, TABLES).stream()
                .map(table -> SUM.formatted(table, own))
                .collect(Collectors.joining("UNION ALL "));
        return new Digest(Sql.texts(server, query));
    }
}
