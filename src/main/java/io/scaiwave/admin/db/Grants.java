package io.scaiwave.admin.db;

import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the server's role may do, as R__grants.sql says it. */
final class Grants {
    /** The placeholder for the role. */
    static final String ROLE = "app_role";

    private static final String FILE = "/db/R__grants.sql";
    private static final Pattern GRANT =
            Pattern.compile("(?m)^GRANT (?<rights>[A-Z, ]+?) +(?:\\((?<columns>[a-z_, ]+)\\) )?"
                    + "ON (?:(?<kind>SCHEMA|FUNCTION|SEQUENCE) )?(?<object>\\w+) +TO ");

    private Grants() {}

    /** The statements that grant it all. */
    static String sql(String role) {
        return text().replace("${" + ROLE + "}", quoted(role));
    }

    /** Each right as a kind (empty for a table or a column of one), an object and a privilege: three arrays of the same length. */
    static Tuple needed() {
        List<String> kinds = new ArrayList<>();
        List<String> objects = new ArrayList<>();
        List<String> privileges = new ArrayList<>();
        Matcher grant = GRANT.matcher(text());
        while (grant.find()) {
            for (String privilege : grant.group("rights").split(", *")) {
                for (String object : objects(grant)) {
                    kinds.add(Objects.requireNonNullElse(grant.group("kind"), ""));
                    objects.add(object);
                    privileges.add(privilege);
                }
            }
        }
        return Tuple.of(
                kinds.toArray(String[]::new), objects.toArray(String[]::new), privileges.toArray(String[]::new));
    }

    /** The object, or the columns of it that are named. */
    private static List<String> objects(Matcher grant) {
        String object = grant.group("object");
        if (grant.group("columns") == null) {
            return List.of(object);
        }
        return Stream.of(grant.group("columns").split(", *"))
                .map(column -> object + "." + column)
                .toList();
    }

    /** How many statements of the file {@link #needed} understands. */
    static long statements() {
        return GRANT.matcher(text()).results().count();
    }

    static String quoted(String role) {
        return "\"" + role.replace("\"", "\"\"") + "\"";
    }

    private static String text() {
        try (InputStream in = Objects.requireNonNull(Grants.class.getResourceAsStream(FILE), FILE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
