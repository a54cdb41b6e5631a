package io.scaiwave.admin.local;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Who may use a LocalKafka: anyone, or over TLS those whom the broker knows, by SASL/PLAIN or on another port by their certificate. Then
 * all but the administrator need ACLs.
 *
 * @param protocol of the clients' listener
 * @param certificatesPort where certificates are asked for; 0: nowhere
 * @param broker further properties of the broker
 * @param administrator what a client needs to do everything
 */
public record KafkaAccess(
        String protocol, int certificatesPort, Map<String, String> broker, Map<String, String> administrator) {
    static final KafkaAccess OPEN = new KafkaAccess("PLAINTEXT", 0, Map.of(), Map.of());

    private static final String ADMINISTRATOR = "admin";
    private static final String PASSWORD = "admin-secret";
    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\"";

    /**
     * Asks clients who they are.
     *
     * @param identity a PEM file of the broker's key and certificate
     * @param authority a PEM file of who signed it
     * @param passwords by user
     */
    public static KafkaAccess guarded(Path identity, Path authority, Map<String, String> passwords) {
        Map<String, String> all = new LinkedHashMap<>(passwords);
        all.put(ADMINISTRATOR, PASSWORD);
        String users = all.entrySet().stream()
                .map(user -> " user_%s=\"%s\"".formatted(user.getKey(), user.getValue()))
                .collect(Collectors.joining());
        Map<String, String> broker = new LinkedHashMap<>();
        broker.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        broker.put("super.users", "User:" + ADMINISTRATOR + ";User:ANONYMOUS"); // the latter is the controller's
        broker.put("sasl.enabled.mechanisms", "PLAIN");
        broker.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        broker.put(
                "listener.name.clients.plain.sasl.jaas.config",
                LOGIN.formatted(ADMINISTRATOR, PASSWORD) + users + ";");
        broker.put("ssl.keystore.type", "PEM");
        broker.put("ssl.keystore.location", identity.toString());
        broker.put("ssl.truststore.type", "PEM");
        broker.put("ssl.truststore.location", authority.toString());
        broker.put("listener.name.certificates.ssl.client.auth", "required");
        broker.put("ssl.principal.mapping.rules", "RULE:^CN=([^,]+).*$/$1/");
        return new KafkaAccess("SASL_SSL", FreePort.find(), broker, client(authority, ADMINISTRATOR, PASSWORD));
    }

    /** Where certificates are asked for. */
    public String certificatesServers() {
        return "127.0.0.1:" + certificatesPort;
    }

    String moreListeners() {
        return certificatesPort == 0 ? "" : ",CERTIFICATES://" + certificatesServers();
    }

    String moreProtocols() {
        return certificatesPort == 0 ? "" : ",CERTIFICATES:SSL";
    }

    /**
     * What a client with a certificate has in its properties.
     *
     * @param identity a PEM file of its key and certificate
     */
    public static Map<String, String> client(Path authority, Path identity) {
        return Map.of(
                "security.protocol", "SSL",
                "ssl.keystore.type", "PEM",
                "ssl.keystore.location", identity.toString(),
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", authority.toString());
    }

    /** What a client of that user has in its properties. */
    public static Map<String, String> client(Path authority, String user, String password) {
        return Map.of(
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", LOGIN.formatted(user, password) + ";",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", authority.toString());
    }

    /** As lines of a file of properties. */
    public static String lines(Map<String, String> properties) {
        return properties.entrySet().stream()
                .map(property -> property.getKey() + "=" + property.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
