package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.audit.entry.AuditCloudEvent;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.kafka.ClientSettings;
import io.scaiwave.admin.kafka.Topics;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends entries to the audit topic as CloudEvents, keyed by chain, so that a chain's entries stay in order. The producer never
 * gives a record up by itself: one that was given up while the next got through would break that order. What it has not got
 * through in time is given up as a whole, with the producer, and sent anew by the next one.
 */
final class KafkaPublisher {
    private static final int MAX_BLOCK_MS = 2_000;
    private static final int REQUEST_TIMEOUT_MS = 5_000;
    private static final int LINGER_MS = 2;
    private static final long BUFFER_BYTES = 64L << 20;
    private static final long CLOSE_MS = 1_000;
    private static final long CHECK_MS = 60_000;
    private static final String HEALTH = "kafka";

    /** The largest record that an entry makes, as the contract of the API promises. */
    private static final int RECORD_BYTES = 1_000_000;

    private static final String TOO_SMALL =
            "topic %s takes records of at most %d bytes (max.message.bytes), and an entry may need %d";

    private static final Logger LOG = LoggerFactory.getLogger(KafkaPublisher.class);

    private final Vertx vertx;
    private final Context context;
    private final Config.Kafka config;
    private final long timeoutMs;
    private final URI source;
    private final RelayMeters meters;
    private @Nullable Future<KafkaProducer<String, byte[]>> producer;
    private boolean reachable;
    private boolean closed;

    KafkaPublisher(Vertx vertx, Config config, RelayMeters meters) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.config = config.kafka();
        this.timeoutMs = config.audit().publishTimeoutMs();
        this.source = URI.create("/" + config.serverName());
        this.meters = meters;
        vertx.setPeriodic(1, CHECK_MS, timer -> checkLimit());
    }

    private static final Map<String, Object> SETTINGS = Map.of(
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.LINGER_MS_CONFIG,
            LINGER_MS,
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            MAX_BLOCK_MS,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            REQUEST_TIMEOUT_MS,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            Integer.MAX_VALUE,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            BUFFER_BYTES);

    /** Made when it is needed, once for all who wait for it: Kafka's name need not resolve before. */
    private Future<KafkaProducer<String, byte[]>> producer() {
        if (producer == null) {
            producer = vertx.executeBlocking(() -> ClientSettings.producer(
                            config, SETTINGS, new StringSerializer(), new ByteArraySerializer()))
                    .map(made -> KafkaProducer.create(vertx, made));
            // Each send's own future reports what goes wrong.
            producer.onSuccess(made -> {
                made.exceptionHandler(e -> {});
                meters.producer().of(made.unwrap()::metrics);
            });
        }
        return producer;
    }

    /**
     * Completes when the brokers have acknowledged the entries; gives those that they refuse, by id, and why. Fails when any entry
     * has to be sent anew; then all of them have to.
     */
    Future<Map<UUID, String>> publish(List<UnsentStore.Traced> entries) {
        Map<UUID, String> refused = new HashMap<>();
        List<AuditEntry> writable = new ArrayList<>(entries.size());
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>(entries.size());
        for (UnsentStore.Traced each : entries) {
            AuditEntry entry = each.entry();
            try {
                byte[] event = AuditCloudEvent.bytes(entry, source, each.traceparent());
                records.add(AuditCloudEvent.record(config.auditTopic(), entry.chain(), event));
                writable.add(entry);
            } catch (RuntimeException e) {
                refused.put(entry.id(), e.toString());
            }
        }
        return sent(records)
                .onComplete(traced(entries))
                .onSuccess(faults ->
                        faults.forEach((i, fault) -> refused.put(writable.get(i).id(), fault.toString())))
                .onFailure(e -> meters.failed())
                .onSuccess(v -> meters.published(entries.size() - refused.size(), refused.size()))
                .map(refused);
    }

    private Handler<AsyncResult<Map<Integer, Throwable>>> traced(List<UnsentStore.Traced> entries) {
        List<String> traceparents = entries.stream()
                .map(UnsentStore.Traced::traceparent)
                .filter(Objects::nonNull)
                .toList();
        return meters.traces().sends(config.auditTopic(), traceparents)::accept;
    }

    /** Publishes the heads or floors of chains, each in the place of the one before. */
    Future<Void> publishCheckpoints(List<Checkpoint> checkpoints) {
        return sent(checkpoints.stream()
                        .map(checkpoint -> AuditCloudEvent.record(
                                config.checkpointTopic(),
                                checkpoint.topicKey(),
                                AuditCloudEvent.bytes(checkpoint, source)))
                        .toList())
                .compose(KafkaPublisher::allTaken);
    }

    private static Future<Void> allTaken(Map<Integer, Throwable> refused) {
        if (refused.isEmpty()) {
            return Future.succeededFuture();
        }
        return Future.failedFuture(refused.values().iterator().next());
    }

    /** The records that the brokers refuse, by their place, and why; fails when any other was not acknowledged in time. */
    private Future<Map<Integer, Throwable>> sent(List<ProducerRecord<String, byte[]>> records) {
        Future<KafkaProducer<String, byte[]>> mine = producer();
        return mine.compose(ready -> reach(ready).compose(v -> handOver(ready, records)))
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .onSuccess(v -> meters.say(HEALTH, null))
                .onFailure(e -> startAnew(mine, e));
    }

    private Future<Map<Integer, Throwable>> handOver(
            KafkaProducer<String, byte[]> ready, List<ProducerRecord<String, byte[]>> records) {
        OrderedSend order = new OrderedSend(ready.unwrap());
        Promise<Map<Integer, Throwable>> settled = Promise.promise();
        vertx.executeBlocking(() -> order.send(records))
                .compose(sends -> Future.join(sends).otherwiseEmpty().map(v -> sends))
                // The producer completes them on a thread of its own.
                .onComplete(done -> context.runOnContext(v -> settle(done, settled)));
        return settled.future();
    }

    private static void settle(AsyncResult<List<Future<Void>>> done, Promise<Map<Integer, Throwable>> settled) {
        if (done.failed()) {
            settled.fail(done.cause());
            return;
        }
        Map<Integer, Throwable> refused = new HashMap<>();
        for (int i = 0; i < done.result().size(); i++) {
            Throwable fault = done.result().get(i).cause();
            if (fault != null && !OrderedSend.isRefused(fault)) {
                settled.fail(fault);
                return;
            }
            if (fault != null) {
                refused.put(i, fault);
            }
        }
        settled.complete(refused);
    }

    /** What the old producer still held is not sent by it any more: the next batch begins with the same entries. */
    private void startAnew(Future<KafkaProducer<String, byte[]>> failed, Throwable e) {
        if (closed || producer != failed) {
            return; // it was given up before, and that is why this failed
        }
        tell(e);
        reachable = false;
        producer = null;
        failed.onSuccess(old -> old.close(0));
    }

    /**
     * Asks for the topics' partitions before the first send, and again after a failure: a send without that knowledge blocks,
     * fails alone, and lets a later one overtake it.
     */
    private Future<Void> reach(KafkaProducer<String, byte[]> ready) {
        if (reachable) {
            return Future.succeededFuture();
        }
        return createTopics()
                .compose(v -> ready.partitionsFor(config.auditTopic()))
                .compose(v -> ready.partitionsFor(config.checkpointTopic()))
                .onSuccess(v -> {
                    reachable = true;
                    checkLimit();
                })
                .mapEmpty();
    }

    /** Entries are made to fit what Kafka takes by default; a topic that takes less is found before the first is refused. */
    private void checkLimit() {
        String topic = config.auditTopic();
        Topics.recordBytesMax(vertx, config, topic)
                .map(bytes -> bytes < RECORD_BYTES ? TOO_SMALL.formatted(topic, bytes, RECORD_BYTES) : null)
                .onSuccess(problem -> meters.say("topic", problem))
                .onFailure(this::tell);
    }

    /** Brokers that are away show by the age of what waits for them; what an operator has to mend is said at once. */
    private void tell(Throwable e) {
        LOG.debug("Kafka failed", e);
        if (ClientSettings.isFatal(e)) {
            meters.say(HEALTH, "Kafka: " + e.getMessage());
        }
    }

    private Future<Void> createTopics() {
        return Topics.create(
                vertx,
                config,
                new NewTopic(config.auditTopic(), Optional.of(config.auditPartitions()), Optional.empty())
                        .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1")),
                new NewTopic(config.checkpointTopic(), Optional.of(1), Optional.empty())
                        .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)));
    }

    Future<Void> close() {
        closed = true;
        if (producer == null) {
            return Future.succeededFuture();
        }
        return producer.compose(made -> made.close(CLOSE_MS)).timeout(2 * CLOSE_MS, TimeUnit.MILLISECONDS);
    }
}
