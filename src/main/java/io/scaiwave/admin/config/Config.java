package io.scaiwave.admin.config;

import io.scaiwave.admin.bus.Secret;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Every setting, as conf/server.yaml names and explains them. Each record refuses what it cannot work with, by the names of that
 * file; {@link ConfigLoader} reads them.
 */
public record Config(
        String serverName,
        Http http,
        Db db,
        Kafka kafka,
        Audit audit,
        Activity activity,
        ScaiKey scaikey,
        ScaiGrid scaigrid,
        Outbound outbound,
        Secrets secrets,
        Tracing tracing,
        Console console) {

    private static final Pattern SERVER_NAME = Pattern.compile("[A-Za-z0-9.-]{1,249}(:\\d{1,5})?");
    private static final Pattern UNENCRYPTED =
            Pattern.compile("http://(?!(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?(/|$))");
    private static final int BATCH_MAX = 100_000;
    private static final int PARTITIONS_MAX = 10_000;

    public Config {
        new Checks("")
                .require(SERVER_NAME.matcher(serverName).matches(), "serverName", "must be a host name")
                .done();
    }

    /** The settings by which tokens and keys go to another machine, or come from it, without encryption. */
    public List<String> unencrypted() {
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("scaikey.jwksUrl", scaikey.jwksUrl);
        addresses.put("scaikey.tokenUrl", scaikey.tokenUrl);
        addresses.put("scaigrid.url", scaigrid.url);
        return addresses.entrySet().stream()
                .filter(address -> UNENCRYPTED.matcher(address.getValue()).lookingAt())
                .map(Map.Entry::getKey)
                .toList();
    }

    public record Http(
            String host,
            int port,
            int instances,
            int bodyBytesMax,
            String trustedProxies,
            int rateLimitPerMinute,
            int badTokensPerMinute,
            int refusalsPerMinute,
            long stopDelayMs,
            long drainMs,
            Tls tls,
            Management management,
            Connections connections,
            InFlight inFlight) {
        private static final int PORT_MAX = 65_535;
        private static final int INSTANCES_MAX = 1_000;
        private static final int RATE_MAX = 100_000_000;
        private static final long STOP_DELAY_MS_MAX = 600_000;
        private static final String OTHER_PORT =
                "must be another port than the API's: both would share its connections";

        public Http {
            new Checks("http")
                    .require(!host.isBlank(), "host", "must not be empty")
                    .range("port", port, 0, PORT_MAX)
                    .range("instances", instances, 0, INSTANCES_MAX)
                    .bytes("bodyBytesMax", bodyBytesMax)
                    .parses(() -> CidrBlocks.parse("http.trustedProxies", trustedProxies))
                    .range("rateLimitPerMinute", rateLimitPerMinute, 0, RATE_MAX)
                    .range("badTokensPerMinute", badTokensPerMinute, 0, RATE_MAX)
                    .range("refusalsPerMinute", refusalsPerMinute, 0, RATE_MAX)
                    .range("stopDelayMs", stopDelayMs, 0, STOP_DELAY_MS_MAX)
                    .millis("drainMs", drainMs)
                    .require(!management.isAsked() || management.port != port, "management.port", OTHER_PORT)
                    .done();
            instances = instances > 0 ? instances : Runtime.getRuntime().availableProcessors();
        }

        /** The PEM files with which the API's port speaks HTTPS; without them it speaks plain HTTP. */
        public record Tls(String certFile, String keyFile, long checkMs) {
            private static final String TOGETHER = "is not set: certFile and keyFile need one another";

            public Tls {
                new Checks("http.tls")
                        .require(keyFile.isEmpty() || !certFile.isEmpty(), "certFile", TOGETHER)
                        .require(certFile.isEmpty() || !keyFile.isEmpty(), "keyFile", TOGETHER)
                        .millis("checkMs", checkMs)
                        .done();
            }

            public boolean isAsked() {
                return !certFile.isEmpty();
            }
        }

        /** The port of health with its reasons and of the metrics, where there is one besides the API's. */
        public record Management(int port) {
            public Management {
                new Checks("http.management").range("port", port, 0, PORT_MAX).done();
            }

            public boolean isAsked() {
                return port > 0;
            }
        }

        /** How many connections there may be, and how long each may take. */
        public record Connections(int max, int perAddress, long headMs, long bodyMs, long idleMs) {
            private static final int CONNECTIONS_MAX = 1_000_000;

            public Connections {
                new Checks("http.connections")
                        .range("max", max, 1, CONNECTIONS_MAX)
                        .range("perAddress", perAddress, 1, CONNECTIONS_MAX)
                        .millis("headMs", headMs)
                        .millis("bodyMs", bodyMs)
                        .millis("idleMs", idleMs)
                        .done();
            }
        }

        /**
         * How many requests may be served at a time. Of one: of one tenant, or of one caller where no tenant is acted on; and of one
         * caller who reaches many. Of a family: half, of one partner and all below it.
         */
        public record InFlight(int max, int ofOneMax) {
            private static final int REQUESTS_MAX = 1_000_000;

            public InFlight {
                new Checks("http.inFlight")
                        .range("max", max, 1, REQUESTS_MAX)
                        .range("ofOneMax", ofOneMax, 1, max)
                        .done();
            }

            public int ofFamilyMax() {
                return Math.max(ofOneMax, (max + 1) / 2);
            }
        }
    }

    public record Db(
            Secret url,
            Secret migrationUrl,
            int readConnections,
            int writeConnections,
            int sessionConnections,
            int waitQueueMax,
            int connectTimeoutMs,
            int connectionAgeMs,
            int statementTimeoutMs,
            int leaseMs,
            boolean migrateAtStart,
            boolean refuseOwner,
            long startWaitMs,
            Changes changes,
            Groups groups,
            Queries queries) {
        private static final int CONNECTIONS_MAX = 1_000;
        private static final int SESSIONS_MIN = 3; // one for each part that holds locks, and one to compare
        private static final int WAIT_QUEUE_MAX = 1_000_000;
        private static final int LEASE_MS_MIN = 100; // below, its heartbeats would crowd out all else
        private static final int LEASE_MS_MAX = 3_600_000;

        public Db {
            Secret owner = migrationUrl;
            new Checks("db")
                    .parses(() -> PostgresUrl.parse("db.url", url))
                    .parsesUnlessEmpty(owner, () -> PostgresUrl.parse("db.migrationUrl", owner))
                    .range("readConnections", readConnections, 1, CONNECTIONS_MAX)
                    .range("writeConnections", writeConnections, 1, CONNECTIONS_MAX)
                    .range("sessionConnections", sessionConnections, SESSIONS_MIN, CONNECTIONS_MAX)
                    .range("waitQueueMax", waitQueueMax, 1, WAIT_QUEUE_MAX)
                    .millis("connectTimeoutMs", connectTimeoutMs)
                    .millis("connectionAgeMs", connectionAgeMs)
                    .millis("statementTimeoutMs", statementTimeoutMs)
                    .range("leaseMs", leaseMs, LEASE_MS_MIN, LEASE_MS_MAX)
                    .millis("startWaitMs", startWaitMs)
                    .done();
            migrationUrl = owner.value().isEmpty() ? url : owner;
        }

        /** Whether there is a role of its own that migrates. */
        public boolean hasOwner() {
            return !migrationUrl.equals(url);
        }
    }

    /** Changes that wait for a connection, or for one another. Of one: as of {@link Queries}. */
    public record Changes(int ofOneMax, int waitingOfOneMax, int waitingMax, long waitMs, int lockTimeoutMs) {
        public Changes {
            new Checks("db.changes")
                    .range("ofOneMax", ofOneMax, 1, Db.CONNECTIONS_MAX)
                    .range("waitingOfOneMax", waitingOfOneMax, 1, Queries.WAITING_MAX)
                    .range("waitingMax", waitingMax, waitingOfOneMax, Queries.WAITING_MAX)
                    .millis("waitMs", waitMs)
                    .millis("lockTimeoutMs", lockTimeoutMs)
                    .done();
        }
    }

    /** Changes of tenants that are committed together. */
    public record Groups(int connections, int changesMax, int lockTimeoutMs) {
        private static final int CHANGES_MAX = 1_000;

        public Groups {
            new Checks("db.groups")
                    .range("connections", connections, 1, Db.CONNECTIONS_MAX)
                    .range("changesMax", changesMax, 1, CHANGES_MAX)
                    .millis("lockTimeoutMs", lockTimeoutMs)
                    .done();
        }
    }

    /** Reads that may take long. Of one: of one tenant, or of one caller where no tenant is acted on. */
    public record Queries(
            int connections, int ofOneMax, int waitingOfOneMax, int waitingMax, long waitMs, int timeoutMs) {
        private static final int WAITING_MAX = 100_000;

        public Queries {
            new Checks("db.queries")
                    .range("connections", connections, 1, Db.CONNECTIONS_MAX)
                    .range("ofOneMax", ofOneMax, 1, connections)
                    .range("waitingOfOneMax", waitingOfOneMax, 1, WAITING_MAX)
                    .range("waitingMax", waitingMax, waitingOfOneMax, WAITING_MAX)
                    .millis("waitMs", waitMs)
                    .millis("timeoutMs", timeoutMs)
                    .done();
        }
    }

    public record Kafka(
            String bootstrapServers,
            String propertiesFile,
            String auditTopic,
            String checkpointTopic,
            String activityTopic,
            int auditPartitions,
            int recordBytesMax) {
        private static final Pattern SERVERS = Pattern.compile("[^\\s,/]+:\\d{1,5}(\\s*,\\s*[^\\s,/]+:\\d{1,5})*");
        private static final String PROPERTIES = "kafka.propertiesFile";
        private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
        private static final String OWN_TOPIC = "must be another topic than those of the audit trail";
        private static final int RECORD_BYTES_MIN = 128 << 10; // what a dead letter adds to its record must fit
        private static final int RECORD_BYTES_MAX = 1 << 30;

        public Kafka {
            boolean servers = bootstrapServers.isEmpty()
                    || SERVERS.matcher(bootstrapServers).matches();
            new Checks("kafka")
                    .require(servers, "bootstrapServers", "must be host:port pairs, comma separated")
                    .parses(() -> KafkaProperties.read(PROPERTIES, propertiesFile))
                    .require(TOPIC.matcher(auditTopic).matches(), "auditTopic", "must be a topic's name")
                    .require(TOPIC.matcher(checkpointTopic).matches(), "checkpointTopic", "must be a topic's name")
                    .require(TOPIC.matcher(activityTopic).matches(), "activityTopic", "must be a topic's name")
                    .require(!checkpointTopic.equals(auditTopic), "checkpointTopic", OWN_TOPIC)
                    .require(!List.of(auditTopic, checkpointTopic).contains(activityTopic), "activityTopic", OWN_TOPIC)
                    .range("auditPartitions", auditPartitions, 1, PARTITIONS_MAX)
                    .range("recordBytesMax", recordBytesMax, RECORD_BYTES_MIN, RECORD_BYTES_MAX)
                    .done();
        }

        /** Of Kafka's own clients, as the file has them now. */
        public Map<String, String> properties() {
            return KafkaProperties.read(PROPERTIES, propertiesFile);
        }

        /** The same of other brokers. */
        public Kafka at(String servers) {
            return new Kafka(
                    servers,
                    propertiesFile,
                    auditTopic,
                    checkpointTopic,
                    activityTopic,
                    auditPartitions,
                    recordBytesMax);
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
            long heartbeatMs,
            long checkpointMs,
            long clockSkewMs,
            long compareWaitMs,
            Secret signingKeys) {
        private static final int MONTHS_MAX = 120;
        private static final long COMPARE_WAIT_MAX_MS = 3_600_000;

        public Audit {
            new Checks("audit")
                    .range("batch", batch, 1, BATCH_MAX)
                    .bytes("batchBytes", batchBytes)
                    .millis("batchMs", batchMs)
                    .millis("publishMs", publishMs)
                    .millis("sweepMs", sweepMs)
                    .millis("retryMs", retryMs)
                    .range("monthsAhead", monthsAhead, 1, MONTHS_MAX)
                    .millis("balanceMs", balanceMs)
                    .millis("publishTimeoutMs", publishTimeoutMs)
                    .millis("gaugesMs", gaugesMs)
                    .millis("heartbeatMs", heartbeatMs)
                    .millis("checkpointMs", checkpointMs)
                    .millis("clockSkewMs", clockSkewMs)
                    .range("compareWaitMs", compareWaitMs, 0, COMPARE_WAIT_MAX_MS)
                    .parsesUnlessEmpty(signingKeys, () -> KeyRing.parse("audit.signingKeys", signingKeys))
                    .done();
        }
    }

    public record Activity(
            int partitions,
            int batch,
            int batchBytes,
            long pollMs,
            long asOfMs,
            long retryMs,
            long partitionsMs,
            int seenDays) {
        private static final int SEEN_DAYS_MAX = 3_650;

        public Activity {
            new Checks("activity")
                    .range("partitions", partitions, 1, PARTITIONS_MAX)
                    .range("batch", batch, 1, BATCH_MAX)
                    .bytes("batchBytes", batchBytes)
                    .millis("pollMs", pollMs)
                    .millis("asOfMs", asOfMs)
                    .millis("retryMs", retryMs)
                    .millis("partitionsMs", partitionsMs)
                    .range("seenDays", seenDays, 1, SEEN_DAYS_MAX)
                    .done();
        }
    }

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
            long timeoutMs,
            boolean linkBySuperAdminOnly) {
        private static final Set<String> ALGORITHMS = Set.of("RS256", "ES256");
        private static final int LEEWAY_SECONDS_MAX = 3_600;
        private static final String TOGETHER = "is not set: tokenUrl, clientId and clientSecret need one another";

        public ScaiKey {
            boolean exchange = !(tokenUrl + clientId + clientSecret.value()).isEmpty();
            new Checks("scaikey")
                    .require(!issuer.isBlank(), "issuer", "must not be empty")
                    .require(!audience.isBlank(), "audience", "must not be empty")
                    .url("jwksUrl", jwksUrl)
                    .urlUnlessEmpty("tokenUrl", tokenUrl)
                    .require(!exchange || !tokenUrl.isEmpty(), "tokenUrl", TOGETHER)
                    .require(!exchange || !clientId.isEmpty(), "clientId", TOGETHER)
                    .require(!exchange || !clientSecret.value().isEmpty(), "clientSecret", TOGETHER)
                    .require(!algorithms.isEmpty(), "algorithms", "must not be empty")
                    .require(
                            ALGORITHMS.containsAll(algorithms), "algorithms", "must be RS256 and ES256, or one of them")
                    .range("leewaySeconds", leewaySeconds, 0, LEEWAY_SECONDS_MAX)
                    .millis("refreshMs", refreshMs)
                    .millis("cooldownMs", cooldownMs)
                    .millis("verifiedMs", verifiedMs)
                    .millis("timeoutMs", timeoutMs)
                    .done();
        }
    }

    public record ScaiGrid(
            String url,
            long timeoutMs,
            long readTimeoutMs,
            int bytesMax,
            int pageSize,
            int pagesMax,
            int modelsMax,
            long refreshMs,
            long maxAgeMs) {
        private static final int PAGE_SIZE_MAX = 10_000;
        private static final int PAGES_MAX = 10_000;
        private static final int MODELS_MAX = 50_000; // all of a tenant's are held and searched in memory

        public ScaiGrid {
            new Checks("scaigrid")
                    .url("url", url)
                    .millis("timeoutMs", timeoutMs)
                    .millis("readTimeoutMs", readTimeoutMs)
                    .bytes("bytesMax", bytesMax)
                    .range("pageSize", pageSize, 1, PAGE_SIZE_MAX)
                    .range("pagesMax", pagesMax, 1, PAGES_MAX)
                    .range("modelsMax", modelsMax, 1, MODELS_MAX)
                    .millis("refreshMs", refreshMs)
                    .millis("maxAgeMs", maxAgeMs)
                    .done();
        }
    }

    /** What all calls to other services have in common. */
    public record Outbound(String caFile) {
        public Outbound {
            authorities(caFile);
        }

        /** As the file has them now. */
        public List<X509Certificate> authorities() {
            return authorities(caFile);
        }

        private static List<X509Certificate> authorities(String file) {
            List<X509Certificate> found = Pem.certificates(Pem.content(file));
            if (found.isEmpty() && !file.isEmpty()) {
                throw new InvalidSetting("outbound.caFile", "must name a readable PEM file of certificates");
            }
            return found;
        }
    }

    public record Secrets(Secret keys) {
        public Secrets {
            KeyRing.parse("secrets.keys", keys);
        }
    }

    public record Tracing(boolean enabled) {}

    public record Console(Oidc oidc) {
        /** Sign-in of the console by authorization code with PKCE; off where both are empty. */
        public record Oidc(String issuer, String clientId) {
            private static final String TOGETHER = "is not set: issuer and clientId need one another";
            private static final Pattern ISSUER = Pattern.compile(
                    "(https://|http://(localhost|127\\.0\\.0\\.1|\\[::1])(?=[:/]|$))[A-Za-z0-9._~:/\\[\\]-]*");
            private static final Pattern CLIENT_ID = Pattern.compile("[\\x21-\\x7E]{0,255}");

            public Oidc {
                new Checks("console.oidc")
                        .urlUnlessEmpty("issuer", issuer)
                        .require(
                                issuer.isEmpty() || ISSUER.matcher(issuer).matches(),
                                "issuer",
                                "must be an https URL without user, query or fragment")
                        .require(!issuer.isEmpty() || clientId.isEmpty(), "issuer", TOGETHER)
                        .require(issuer.isEmpty() || !clientId.isEmpty(), "clientId", TOGETHER)
                        .require(
                                CLIENT_ID.matcher(clientId).matches(),
                                "clientId",
                                "must be at most 255 printable characters")
                        .done();
            }

            public boolean isOn() {
                return !issuer.isEmpty();
            }
        }
    }
}
