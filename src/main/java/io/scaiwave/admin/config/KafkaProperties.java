package io.scaiwave.admin.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * The properties of Kafka's own clients that an operator gives, for TLS, SASL and the like: a file as Kafka's tools take it with
 * {@code --command-config}. What the trail's promises rest on is not for it to change.
 */
public final class KafkaProperties {
    private static final Set<String> FIXED = Set.of(
            "bootstrap.servers",
            "acks",
            "enable.idempotence",
            "max.in.flight.requests.per.connection",
            "retries",
            "delivery.timeout.ms",
            "transactional.id",
            "partitioner.class",
            "partitioner.ignore.keys",
            "key.serializer",
            "value.serializer",
            "key.deserializer",
            "value.deserializer",
            "group.id",
            "group.instance.id",
            "enable.auto.commit",
            "auto.offset.reset",
            "isolation.level",
            "allow.auto.create.topics");

    private KafkaProperties() {}

    /**
     * What the file holds now; nothing when none is named. Read for each client that is made, so that a renewed password is used.
     *
     * @throws InvalidSetting naming the setting and the property, never a value
     */
    public static Map<String, String> read(String setting, String file) {
        Map<String, String> properties = new TreeMap<>();
        if (file.isEmpty()) {
            return properties;
        }
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
            read.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidSetting(setting, "must name a readable file of properties");
        }
        for (String name : read.stringPropertyNames()) {
            if (FIXED.contains(name)) {
                throw new InvalidSetting(setting, "may not set " + name + ", on which the audit trail rests");
            }
            properties.put(name, read.getProperty(name).strip());
        }
        return properties;
    }
}
