package io.scaiwave.admin.config;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.scaiwave.admin.bus.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every setting, as conf/server.yaml names and explains them. Each record refuses what it cannot work with. */
public record Config(
        String serverName,
        Http http,
        Db db,
        Kafka kafka,
        Audit audit,
        Activity activity,
        ScaiKey scaikey,
        ScaiGrid scaigrid,
        Secrets secrets) {

    private static final Pattern SERVER_NAME = Pattern.compile("[A-Za-z0-9.-]{1,249}(:\\d{1,5})?");

    public Config {
        require(SERVER_NAME.matcher(serverName).matches(), "SCAIWAVE_SERVER_NAME", "must be a host name");
    }

    public record Http(
            String host,
            int port,
            int instances,
            int bodyBytesMax,
            String trustedProxies,
            int rateLimitPerMinute,
            long drainMs) {
        public Http {
            require(port >= 0 && port <= 65_535, "SCAIWAVE_HTTP_PORT", "must be a port from 0 to 65535");
            require(rateLimitPerMinute >= 0, "SCAIWAVE_RATE_LIMIT_PER_MINUTE", "must not be negative");
            instances = instances > 0 ? instances : Runtime.getRuntime().availableProcessors();
        }
    }

    public record Db(
            Secret url,
            Secret migrationUrl,
            int readConnections,
            int writeConnections,
            int waitQueueMax,
            int connectTimeoutMs,
            int statementTimeoutMs,
            int leaseMs) {
        public Db {
            migrationUrl = migrationUrl.value().isEmpty() ? url : migrationUrl;
            PostgresUrl.parse("SCAIWAVE_DB_URL", url);
            PostgresUrl.parse("SCAIWAVE_DB_MIGRATION_URL", migrationUrl);
        }
    }

    public record Kafka(
            String bootstrapServers,
            String auditTopic,
            String checkpointTopic,
            String activityTopic,
            int auditPartitions,
            int recordBytesMax) {
        private static final Pattern SERVERS = Pattern.compile("[^\\s,/]+:\\d{1,5}(\\s*,\\s*[^\\s,/]+:\\d{1,5})*");
        private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

        public Kafka {
            require(
                    bootstrapServers.isEmpty()
                            || SERVERS.matcher(bootstrapServers).matches(),
                    "SCAIWAVE_KAFKA_BOOTSTRAP_SERVERS",
                    "must be host:port pairs, comma separated");
            require(TOPIC.matcher(auditTopic).matches(), "SCAIWAVE_AUDIT_TOPIC", "must be a topic's name");
            require(
                    TOPIC.matcher(checkpointTopic).matches(),
                    "SCAIWAVE_AUDIT_CHECKPOINT_TOPIC",
                    "must be a topic's name");
            require(TOPIC.matcher(activityTopic).matches(), "SCAIWAVE_ACTIVITY_TOPIC", "must be a topic's name");
        }

        public boolean enabled() {
            return !bootstrapServers.isEmpty();
        }
    }

    public record Audit(
            int batch,
            int batchBytes,
            long batchMs,
            long publishMs,
            long sweepMs,
            long retryMs,
            int monthsAhead,
            long balanceMs,
            long publishTimeoutMs,
            long gaugesMs,
            long checkpointMs,
            Secret signingKeys) {}

    public record Activity(
            int partitions,
            int batch,
            int batchBytes,
            long pollMs,
            long asOfMs,
            long retryMs,
            long partitionsMs,
            int seenDays) {}

    public record ScaiKey(
            String issuer,
            String audience,
            String jwksUrl,
            String tokenUrl,
            String clientId,
            Secret clientSecret,
            List<String> algorithms,
            int leewaySeconds,
            long refreshMs,
            long cooldownMs,
            long verifiedMs,
            long timeoutMs) {
        public ScaiKey {
            requireUrl("SCAIWAVE_SCAIKEY_JWKS_URL", jwksUrl);
            if (!tokenUrl.isEmpty()) {
                requireUrl("SCAIWAVE_SCAIKEY_TOKEN_URL", tokenUrl);
            }
            require(!issuer.isBlank(), "SCAIWAVE_SCAIKEY_ISSUER", "must not be empty");
            require(!audience.isBlank(), "SCAIWAVE_SCAIKEY_AUDIENCE", "must not be empty");
        }
    }

    public record ScaiGrid(String url, long timeoutMs, int pageSize, int pagesMax, long refreshMs, long maxAgeMs) {
        public ScaiGrid {
            requireUrl("SCAIWAVE_SCAIGRID_URL", url);
        }
    }

    public record Secrets(Secret keys) {}

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)(?::([^}]*))?}");
    private static final String FILE = "server.yaml";

    /** Reads conf/server.yaml of the working directory, or else the one in the jar, with these environment variables. */
    public static Config load(Map<String, String> environment) {
        Map<?, ?> tree = ConfigFile.read(FILE, new TypeReference<Map<?, ?>>() {});
        try {
            return ConfigFile.YAML.convertValue(substituted(tree, environment), Config.class);
        } catch (IllegalArgumentException e) {
            throw asInvalid(e, tree);
        }
    }

    private static Object substituted(Object node, Map<String, String> environment) {
        if (node instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(key, substituted(value, environment)));
            return copy;
        }
        return node instanceof String text ? substituted(text, environment) : node;
    }

    private static String substituted(String text, Map<String, String> environment) {
        Matcher variable = VARIABLE.matcher(text);
        return variable.replaceAll(found -> {
            String value = environment.get(found.group(1));
            if (value == null || value.isBlank()) {
                value = found.group(2);
            }
            require(
                    value != null,
                    found.group(1),
                    "is not set, and has no default (conf/server.yaml says what it is for)");
            return Matcher.quoteReplacement(value.strip());
        });
    }

    /** Names the setting by its environment variable where it has one; never quotes a value, which may be a secret. */
    private static InvalidSetting asInvalid(IllegalArgumentException e, Map<?, ?> tree) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidSetting invalid) {
                return invalid;
            }
        }
        if (!(e.getCause() instanceof JsonMappingException mapping)) {
            return new InvalidSetting("conf/" + FILE, "is malformed");
        }
        List<String> path = mapping.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .toList();
        Object setting = tree;
        for (String name : path) {
            setting = setting instanceof Map<?, ?> map ? map.get(name) : null;
        }
        Matcher variable = VARIABLE.matcher(String.valueOf(setting));
        String name = variable.find() ? variable.group(1) : String.join(".", path) + " in conf/server.yaml";
        Class<?> wanted = mapping instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        return new InvalidSetting(
                name,
                wanted == int.class || wanted == long.class
                        ? "must be a whole number"
                        : "is not a setting of this server, or is malformed");
    }

    private static void requireUrl(String setting, String url) {
        boolean valid;
        try {
            URI uri = new URI(url);
            valid = uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (URISyntaxException e) {
            valid = false;
        }
        require(valid, setting, "must be an http or https URL");
    }

    private static void require(boolean condition, String setting, String problem) {
        if (!condition) {
            throw new InvalidSetting(setting, problem);
        }
    }
}
