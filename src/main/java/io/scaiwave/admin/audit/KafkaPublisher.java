package io.scaiwave.admin.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import io.scaiwave.admin.Config;
import io.scaiwave.admin.Json;
import io.scaiwave.admin.kafka.Topics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends entries to the audit topic as CloudEvents, keyed by chain, so that a chain's entries stay in order. The producer never
 * gives a record up by itself: one that was given up while the next got through would break that order.
 */
final class KafkaPublisher {
    private static final int MAX_BLOCK_MS = 2_000;
    private static final int REQUEST_TIMEOUT_MS = 5_000;
    private static final long BUFFER_BYTES = 64L << 20;
    private static final long CLOSE_MS = 1_000;

    private final Vertx vertx;
    private final Config.Kafka config;
    private final URI source;
    private final KafkaProducer<String, byte[]> producer;
    private boolean reachable;

    KafkaPublisher(Vertx vertx, Config.Kafka config, String serverName) {
        this.vertx = vertx;
        this.config = config;
        this.source = URI.create("/" + serverName);
        this.producer = KafkaProducer.create(vertx, settings(config));
        this.producer.exceptionHandler(e -> {}); // each send's own future reports it
    }

    private static Map<String, String> settings(Config.Kafka config) {
        return Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers(),
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName(),
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName(),
                ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
                ProducerConfig.MAX_BLOCK_MS_CONFIG, Integer.toString(MAX_BLOCK_MS),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Integer.toString(REQUEST_TIMEOUT_MS),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.toString(Integer.MAX_VALUE),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(config.recordBytesMax()),
                ProducerConfig.BUFFER_MEMORY_CONFIG, Long.toString(BUFFER_BYTES));
    }

    /** Completes when the brokers have acknowledged all of them. */
    Future<Void> publish(List<AuditEntry> entries) {
        return reach().compose(v -> Future.join(entries.stream()
                        .map(entry -> producer.send(record(entry)))
                        .toList()))
                .onFailure(e -> reachable = false)
                .mapEmpty();
    }

    /**
     * Asks for the topic's partitions before the first send, and again after a failure: a send without that knowledge blocks,
     * fails alone, and lets a later one overtake it.
     */
    private Future<Void> reach() {
        if (reachable) {
            return Future.succeededFuture();
        }
        return createTopic()
                .compose(v -> producer.partitionsFor(config.auditTopic()))
                .onSuccess(v -> reachable = true)
                .mapEmpty();
    }

    private Future<Void> createTopic() {
        return Topics.create(
                vertx,
                config,
                new NewTopic(config.auditTopic(), Optional.of(config.auditPartitions()), Optional.empty())
                        .configs(Map.of(
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(config.recordBytesMax()),
                                TopicConfig.RETENTION_MS_CONFIG,
                                "-1")));
    }

    private KafkaProducerRecord<String, byte[]> record(AuditEntry entry) {
        CloudEventBuilder event = CloudEventBuilder.v1()
                .withId(entry.id().toString())
                .withType("io.scaiwave.admin." + entry.action())
                .withSource(source)
                .withSubject(entry.resourceType() + "/" + entry.resourceId())
                .withTime(entry.createdAt())
                .withExtension("sequence", "%020d".formatted(entry.seq()))
                .withData("application/json", JsonCloudEventData.wrap(entry.json()));
        if (entry.tenantId() != null) {
            event.withExtension("tenantid", entry.tenantId().toString());
        }
        return KafkaProducerRecord.create(config.auditTopic(), entry.chain(), bytes(event.build(), entry))
                .addHeader("content-type", JsonFormat.CONTENT_TYPE);
    }

    private static final ObjectMapper EVENTS = JsonMapper.builder()
            .addModule(JsonFormat.getCloudEventJacksonModule())
            .build();

    /** The time stands as the entry has it: the library would drop a zero at the end of its milliseconds. */
    private static byte[] bytes(CloudEvent event, AuditEntry entry) {
        ObjectNode json = EVENTS.valueToTree(event);
        return Json.bytes(json.put("time", Json.time(entry.createdAt())));
    }

    Future<Void> close() {
        return producer.close(CLOSE_MS);
    }
}
