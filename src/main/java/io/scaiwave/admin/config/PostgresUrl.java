package io.scaiwave.admin.config;

import io.scaiwave.admin.bus.Secret;
import io.vertx.pgclient.PgConnectOptions;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code postgresql://user:password@host:port/database} URL; user and password may be percent-encoded. */
public record PostgresUrl(String user, String password, String host, int port, String database) {
    private static final int PORT = 5432;
    private static final int PORT_MAX = 65_535;
    private static final Pattern FORM = Pattern.compile(
            "postgres(?:ql)?://(?<user>[^:@/]+)(?::(?<password>[^@/]*))?@(?<host>[^:/@]+|\\[[0-9a-fA-F:]+])(?::(?<port>\\d{1,5}))?/(?<database>[^/?]+)");

    /** @throws InvalidSetting naming the setting, never quoting the URL, which holds a password */
    public static PostgresUrl parse(String setting, Secret url) {
        Matcher parts = FORM.matcher(url.value());
        if (parts.matches() && port(parts) <= PORT_MAX) {
            try {
                return new PostgresUrl(
                        decoded(parts.group("user")),
                        decoded(Objects.requireNonNullElse(parts.group("password"), "")),
                        parts.group("host"),
                        port(parts),
                        parts.group("database"));
            } catch (IllegalArgumentException e) {
                // falls through: a broken percent-encoding
            }
        }
        throw new InvalidSetting(setting, "must look like postgresql://user:password@host:port/database");
    }

    private static int port(Matcher parts) {
        String digits = parts.group("port");
        return digits == null ? PORT : Integer.parseInt(digits);
    }

    public PgConnectOptions options() {
        return new PgConnectOptions()
                .setUser(user)
                .setPassword(password)
                .setHost(host)
                .setPort(port)
                .setDatabase(database);
    }

    /** A connection of its own, blocking, for a command-line verb; the caller closes it. */
    public Connection connect(Duration timeout) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", user);
        properties.put("password", password);
        properties.put("connectTimeout", Long.toString(timeout.toSeconds()));
        properties.put("loginTimeout", Long.toString(timeout.toSeconds()));
        properties.put("ApplicationName", "scaiwave-admin-cli");
        return DriverManager.getConnection(jdbc(), properties);
    }

    public String jdbc() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "postgresql://" + user + ":***@" + host + ":" + port + "/" + database;
    }
}
