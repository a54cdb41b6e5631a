package io.scaiwave.admin.config;

import io.scaiwave.admin.bus.Secret;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A {@code postgresql://user:password@host:port,host:port/database?sslmode=…} URL. Names and words are libpq's; user, password,
 * database and parameters may be percent-encoded. Of several hosts the one that takes writes is used.
 */
public record PostgresUrl(String user, String password, List<Host> hosts, String database, PostgresTls tls) {
    private static final int PORT = 5432;
    private static final int PORT_MAX = 65_535;
    private static final int HOSTS_MAX = 16;
    private static final String FORM_WANTED =
            "must look like postgresql://user:password@host:port/database, with more hosts after commas, and after a ? %s"
                    .formatted("sslmode, sslrootcert, sslcert, sslkey or target_session_attrs");
    private static final String HOST = "(?:[^:/@,?\\[\\]]+|\\[[0-9a-fA-F:.]+(?:%\\w+)?])(?::\\d{1,5})?";
    private static final Pattern FORM = Pattern.compile(
            "postgres(?:ql)?://(?<user>[^:@/?]+)(?::(?<password>[^@/]*))?@(?<hosts>%s(?:,%s)*)/(?<database>[^/?]+)(?:\\?(?<parameters>.*))?"
                    .formatted(HOST, HOST));
    private static final Pattern HOST_PARTS = Pattern.compile("(?<name>\\[[^]]+]|[^:]+)(?::(?<port>\\d+))?");
    private static final String TARGET = "target_session_attrs";
    private static final Set<String> TARGETS = Set.of("primary", "read-write");

    /** @param name without the brackets of an IPv6 address */
    public record Host(String name, int port) {
        @Override
        public String toString() {
            return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
        }
    }

    /** @throws InvalidSetting naming the setting, never quoting the URL, which holds a password */
    public static PostgresUrl parse(String setting, Secret url) {
        Matcher parts = FORM.matcher(url.value());
        if (!parts.matches()) {
            throw new InvalidSetting(setting, FORM_WANTED);
        }
        try {
            Map<String, String> parameters = parameters(setting, parts.group("parameters"));
            String target = parameters.remove(TARGET);
            if (target != null && !TARGETS.contains(target)) {
                throw new InvalidSetting(setting, TARGET + " must be primary or read-write: the server writes");
            }
            return new PostgresUrl(
                    decoded(parts.group("user")),
                    decoded(Objects.requireNonNullElse(parts.group("password"), "")),
                    hosts(setting, parts.group("hosts")),
                    decoded(parts.group("database")),
                    PostgresTls.of(setting, parameters));
        } catch (InvalidSetting e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new InvalidSetting(setting, FORM_WANTED); // a broken percent-encoding
        }
    }

    private static List<Host> hosts(String setting, String list) {
        List<Host> hosts = new ArrayList<>();
        for (String host : list.split(",")) {
            Matcher parts = HOST_PARTS.matcher(host);
            int port = parts.matches() && parts.group("port") != null ? Integer.parseInt(parts.group("port")) : PORT;
            if (port < 1 || port > PORT_MAX || hosts.size() == HOSTS_MAX) {
                throw new InvalidSetting(setting, FORM_WANTED);
            }
            hosts.add(new Host(parts.group("name").replaceAll("[\\[\\]]", ""), port));
        }
        return List.copyOf(hosts);
    }

    private static Map<String, String> parameters(String setting, String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String pair : query.split("&")) {
            String[] sides = pair.split("=", 2);
            boolean known = sides[0].equals(TARGET) || PostgresTls.PARAMETERS.contains(sides[0]);
            if (!known || sides.length == 1 || parameters.put(sides[0], decoded(sides[1])) != null) {
                throw new InvalidSetting(setting, FORM_WANTED);
            }
        }
        return parameters;
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** A connection of its own, blocking, for a command-line verb; the caller closes it. */
    public Connection connect(Duration timeout) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", user);
        properties.put("password", password);
        String seconds = Long.toString(Math.max(1, timeout.toSeconds()));
        properties.put("connectTimeout", seconds);
        properties.put("loginTimeout", seconds);
        properties.put("tcpKeepAlive", "true");
        properties.put("ApplicationName", "scaiwave-admin-cli");
        return DriverManager.getConnection(jdbc(), properties);
    }

    /** For JDBC, without user and password. */
    public String jdbc() {
        Map<String, String> parameters = new LinkedHashMap<>(tls.jdbc());
        if (hosts.size() > 1) {
            parameters.put("targetServerType", "primary");
        }
        String query = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return "jdbc:postgresql://%s/%s%s"
                .formatted(addresses(), encoded(database), query.isEmpty() ? "" : "?" + query);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The hosts and ports, for a person to read. */
    public String addresses() {
        return hosts.stream().map(Host::toString).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return "postgresql://" + user + ":***@" + addresses() + "/" + database;
    }
}
