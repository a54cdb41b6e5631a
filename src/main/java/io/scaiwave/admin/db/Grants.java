package io.scaiwave.admin.db;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What the server's role may do, as R__grants.sql says it. */
final class Grants {
    /** The placeholder for the role. */
    static final String ROLE = "app_role";

    private static final String FILE = "/db/R__grants.sql";

    private Grants() {}

    /** The statements that grant it all. */
    static String sql(String role) {
        return text().replace("${" + ROLE + "}", quoted(role));
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
