package io.scaiwave.admin.kafka;

import io.scaiwave.admin.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes topics that are not there yet, and asks what they take; those that are there stay as they are. A right to create topics
 * is needed only where one is missing.
 */
public final class Topics {
    private static final int REQUEST_TIMEOUT_MS = 2_000;
    private static final int TIMEOUT_MS = 5_000;
    private static final Map<String, Integer> OWN = Map.of(
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    private Topics() {}

    /**
     * With Kafka's own client, because the one of Vert.x 5.0 cannot leave the number of replicas to the brokers. Fails with the name
     * of the topic that is missing and cannot be created.
     */
    public static Future<Void> create(Vertx vertx, Config.Kafka config, NewTopic... topics) {
        return vertx.executeBlocking(
                () -> {
                    try (Admin admin = ClientSettings.admin(config, OWN)) {
                        for (NewTopic topic : topics) {
                            if (isMissing(admin, topic.name())) {
                                create(admin, topic);
                            }
                        }
                    }
                    return null;
                },
                false);
    }

    /** Who may not describe a topic may still be allowed to write to it. */
    private static boolean isMissing(Admin admin, String topic) throws InterruptedException {
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                LOG.debug("describing the topic {} is refused", topic, e.getCause());
                return false;
            }
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return true;
            }
            throw failed("describing", topic, e);
        }
    }

    private static void create(Admin admin, NewTopic topic) throws InterruptedException {
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw failed("creating", topic.name(), e);
            }
        }
    }

    private static KafkaException failed(String operation, String topic, ExecutionException e) {
        String sentence = "%s the topic %s failed: %s".formatted(operation, topic, e.getCause());
        if (e.getCause() instanceof RetriableException) {
            return new TimeoutException(sentence, e.getCause());
        }
        return new KafkaException(sentence, e.getCause());
    }

    /**
     * A topic as it is now.
     *
     * @param id another one when it was deleted and made again; null where the brokers are too old to have any
     */
    public record Found(@Nullable String id, Set<Integer> partitions) {
        private static Found of(TopicDescription description) {
            boolean known = !description.topicId().equals(Uuid.ZERO_UUID);
            Set<Integer> partitions = description.partitions().stream()
                    .map(TopicPartitionInfo::partition)
                    .collect(Collectors.toSet());
            return new Found(known ? description.topicId().toString() : null, partitions);
        }
    }

    /** Which topic has that name; fails when none has. */
    public static Future<Found> describe(Vertx vertx, Config.Kafka config, String topic) {
        return vertx.executeBlocking(
                () -> {
                    try (Admin admin = ClientSettings.admin(config, OWN)) {
                        return Found.of(admin.describeTopics(List.of(topic))
                                .allTopicNames()
                                .get()
                                .values()
                                .iterator()
                                .next());
                    } catch (ExecutionException e) {
                        throw failed("describing", topic, e);
                    }
                },
                false);
    }

    /** The largest record that the topic takes, as its brokers have it. */
    public static Future<Integer> recordBytesMax(Vertx vertx, Config.Kafka config, String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return vertx.executeBlocking(
                () -> {
                    try (Admin admin = ClientSettings.admin(config, OWN)) {
                        return admin.describeConfigs(List.of(resource)).all().get().values().stream()
                                .map(settings -> settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
                                .map(limit -> Integer.valueOf(limit.value()))
                                .findFirst()
                                .orElseThrow();
                    }
                },
                false);
    }
}
