package io.scaiwave.admin.kafka;

import io.scaiwave.admin.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes topics that are not there yet, and asks what they take; those that are there stay as they are. */
public final class Topics {
    private static final int REQUEST_TIMEOUT_MS = 2_000;
    private static final int TIMEOUT_MS = 5_000;

    private Topics() {}

    /** With Kafka's own client, because the one of Vert.x 5.0 cannot leave the number of replicas to the brokers. */
    public static Future<Void> create(Vertx vertx, Config.Kafka config, NewTopic... topics) {
        return vertx.executeBlocking(
                () -> {
                    try (Admin admin = Admin.create(settings(config))) {
                        for (KafkaFuture<Void> created :
                                admin.createTopics(List.of(topics)).values().values()) {
                            await(created);
                        }
                    }
                    return null;
                },
                false);
    }

    /** The largest record that the topic takes, as its brokers have it. */
    public static Future<Integer> recordBytesMax(Vertx vertx, Config.Kafka config, String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return vertx.executeBlocking(
                () -> {
                    try (Admin admin = Admin.create(settings(config))) {
                        return admin.describeConfigs(List.of(resource)).all().get().values().stream()
                                .map(settings -> settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
                                .map(limit -> Integer.valueOf(limit.value()))
                                .findFirst()
                                .orElseThrow();
                    }
                },
                false);
    }

    private static Map<String, Object> settings(Config.Kafka config) {
        return Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    }

    private static void await(KafkaFuture<Void> created) throws Exception {
        try {
            created.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
