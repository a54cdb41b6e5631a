package io.scaiwave.admin.audit.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import io.scaiwave.admin.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What stands on the topics: an entry, or a checkpoint, in the envelope of CloudEvents 1.0 (structured JSON). */
public final class AuditCloudEvent {
    private static final String PREFIX = "io.scaiwave.admin.";
    private static final ObjectMapper EVENTS = JsonMapper.builder()
            .addModule(JsonFormat.getCloudEventJacksonModule())
            .build();

    private AuditCloudEvent() {}

    /** @param traceparent the trace context of the request that made the entry; null where there was none */
    public static byte[] bytes(AuditEntry entry, URI source, @Nullable String traceparent) {
        CloudEventBuilder event = event(entry, source);
        if (traceparent != null) {
            event.withExtension("traceparent", traceparent);
        }
        return bytes(event, entry.createdAt(), entry.json());
    }

    /** The event of an entry that is sent again on purpose: its request is over, and so is its trace. */
    public static byte[] replay(AuditEntry entry, URI source) {
        return bytes(event(entry, source).withExtension("replay", true), entry.createdAt(), entry.json());
    }

    private static CloudEventBuilder event(AuditEntry entry, URI source) {
        CloudEventBuilder event = CloudEventBuilder.v1()
                .withId(entry.id().toString())
                .withType(PREFIX + entry.action())
                .withSource(source)
                .withSubject(entry.resourceType() + "/" + entry.resourceId())
                .withExtension("sequence", "%020d".formatted(entry.seq()));
        if (entry.tenantId() != null) {
            event.withExtension("tenantid", entry.tenantId().toString());
        }
        return event;
    }

    public static byte[] bytes(Checkpoint checkpoint, URI source) {
        CloudEventBuilder event = CloudEventBuilder.v1()
                .withId(checkpoint.topicKey() + "/" + checkpoint.seq())
                .withType(PREFIX + "audit_checkpoint")
                .withSource(source)
                .withSubject(checkpoint.chain());
        return bytes(event, checkpoint.signedAt(), Json.MAPPER.valueToTree(checkpoint));
    }

    /** An event as a record of a topic, with the header by which a consumer knows structured JSON. */
    public static ProducerRecord<String, byte[]> record(String topic, String key, byte[] event) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, event);
        record.headers().add("content-type", JsonFormat.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    /** The time stands as the data has it: the library would drop a zero at the end of its milliseconds. */
    private static byte[] bytes(CloudEventBuilder event, OffsetDateTime time, JsonNode data) {
        ObjectNode json = EVENTS.valueToTree(event.withTime(time)
                .withData("application/json", JsonCloudEventData.wrap(data))
                .build());
        return Json.bytes(json.put("time", Json.time(time)));
    }
}
