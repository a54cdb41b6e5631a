package io.scaiwave.admin.kafka;

import io.scaiwave.admin.config.Config;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every client of Kafka is made, of the server and of the verbs: with the brokers, with what its user needs, and with the
 * properties of the operator. Making one looks names and files up, so it blocks, and fails when Kafka's name does not resolve.
 */
public final class ClientSettings {
    private static final Logger LOG = LoggerFactory.getLogger(ClientSettings.class);

    /** A larger one would let a wait be longer than its step, and no admin client be made beside a shorter limit of the whole. */
    private static final Set<String> WAITS = Set.of(
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
            CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
            ProducerConfig.MAX_BLOCK_MS_CONFIG);

    private ClientSettings() {}

    public static <K, V> Producer<K, V> producer(
            Config.Kafka kafka, Map<String, ?> own, Serializer<K> keys, Serializer<V> values) {
        return new KafkaProducer<>(with(kafka, own, ProducerConfig.configNames()), keys, values);
    }

    public static <K, V> KafkaConsumer<K, V> consumer(
            Config.Kafka kafka, Map<String, ?> own, Deserializer<K> keys, Deserializer<V> values) {
        return new KafkaConsumer<>(with(kafka, own, ConsumerConfig.configNames()), keys, values);
    }

    static Admin admin(Config.Kafka kafka, Map<String, ?> own) {
        return Admin.create(with(kafka, own, AdminClientConfig.configNames()));
    }

    /** The operator's properties come last, our limits of time aside: what must not be changed is refused where they are read. */
    private static Map<String, Object> with(Config.Kafka kafka, Map<String, ?> own, Set<String> known) {
        Map<String, Object> settings = new HashMap<>(own);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        kafka.properties().forEach((name, value) -> {
            boolean ours = WAITS.contains(name) && own.containsKey(name);
            if (!ours && (known.contains(name) || !isKnown(name))) {
                settings.put(name, value);
            }
        });
        return settings;
    }

    /** Others may belong to a class that a property names. */
    private static boolean isKnown(String name) {
        return ProducerConfig.configNames().contains(name)
                || ConsumerConfig.configNames().contains(name)
                || AdminClientConfig.configNames().contains(name);
    }

    /** Says in the log which of the operator's properties no client knows: most are mistakes. */
    public static void warnOfUnknown(Config.Kafka kafka) {
        Set<String> unknown = new TreeSet<>(kafka.properties().keySet());
        unknown.removeIf(ClientSettings::isKnown);
        if (!unknown.isEmpty()) {
            LOG.warn("no client of Kafka knows the properties {}", unknown);
        }
    }

    /** Whether a client that failed so is of no more use, so that another has to be made. */
    public static boolean isFatal(Throwable e) {
        return (e instanceof KafkaException && !(e instanceof RetriableException))
                || e instanceof IllegalStateException;
    }
}
