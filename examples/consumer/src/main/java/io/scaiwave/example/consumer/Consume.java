package io.scaiwave.example.consumer;

import io.scaiwave.example.consumer.ChainCheck.Finding;
import io.scaiwave.example.consumer.ChainCheck.Kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A consumer of the audit topic, to be copied with {@link ChainCheck} and {@link StateFile}: it needs kafka-clients, the SDK of
 * CloudEvents and java-json-canonicalization, and nothing of the server. It prints each event once, on a line, and on standard
 * error what is wrong with the chains. With a file for its state it goes on where it stopped; without, it reads from the
 * beginning.
 */
public final class Consume {
    private static final String TOPIC = "scaiwave.admin.audit.v1";
    private static final Duration POLL = Duration.ofSeconds(1);

    private final PrintStream out;
    private final PrintStream err;
    private final ChainCheck chains = new ChainCheck();
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

    /**
     * @param once to end where the topic ends now
     * @param replay to read all records again; what was handled is not handled twice
     * @param state the file of what is known; empty: none is kept
     */
    record Order(String servers, String topic, boolean once, boolean replay, Optional<Path> state) {
        /** From the command line. */
        static Order of(List<String> arguments) {
            List<String> given = new ArrayList<>(arguments);
            boolean once = given.remove("--once");
            boolean replay = given.remove("--replay");
            int at = given.indexOf("--state");
            Optional<Path> state = at < 0 ? Optional.empty() : Optional.of(Path.of(given.remove(at + 1)));
            given.remove("--state");
            return new Order(given.get(0), given.size() > 1 ? given.get(1) : TOPIC, once, replay, state);
        }
    }

    Consume(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * The arguments: bootstrap servers, topic if it is another, --state and a file to go on where it stopped, --replay to read
     * all again, and --once to end where the topic ends now, with exit status 1 if anything is wrong.
     */
    public static void main(String[] args) {
        Order order;
        try {
            order = Order.of(List.of(args));
        } catch (IndexOutOfBoundsException e) {
            System.err.println("Which Kafka? Say its bootstrap servers, such as 127.0.0.1:9092 [topic] [--state file] [--replay]"
                    + " [--once]");
            System.exit(2);
            return;
        }
        System.err.println("Events of " + order.topic + " at " + order.servers + "; Ctrl-C ends this.");
        Consume consume = new Consume(new PrintStream(System.out, true, StandardCharsets.UTF_8), System.err);
        System.exit(status(consume, order));
    }

    private static int status(Consume consume, Order order) {
        try {
            return consume.read(order) ? 0 : 1;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return 2;
        }
    }

    /** Whether all is well; unless {@code once}, it goes on with what comes and never answers. */
    boolean read(Order order) throws IOException {
        // An offset that the topic no longer has, or does not have yet, is that of its beginning: repeats do no harm.
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", order.servers, "allow.auto.create.topics", false, "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            // The chain is the key, so all of a chain is in one partition, in order. Consumers that share the work as a
            // group take over what is known of a partition's chains together with the partition.
            List<TopicPartition> partitions = consumer.partitionsFor(order.topic).stream()
                    .map(found -> new TopicPartition(order.topic, found.partition()))
                    .toList();
            Optional<StateFile> file = Optional.empty();
            if (order.state.isPresent()) {
                file = Optional.of(new StateFile(order.state.get(), order.topic, id(order)));
            }
            consumer.assign(partitions);
            Map<TopicPartition, Long> offsets =
                    file.isPresent() ? file.get().load(chains, partitions) : new HashMap<>();
            if (offsets.isEmpty() || order.replay) {
                consumer.seekToBeginning(partitions);
            } else {
                offsets.forEach(consumer::seek);
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            do {
                ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
                records.forEach(found -> tell(chains.check(found.key(), found.value())));
                if (file.isPresent() && !records.isEmpty()) {
                    partitions.forEach(each -> offsets.put(each, consumer.position(each)));
                    file.get().save(chains, offsets);
                }
            } while (!order.once || partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each)));
        }
        long alarms = counts.getOrDefault(Kind.ALTERED, 0L) + counts.getOrDefault(Kind.FORK, 0L);
        err.println(chains.missing() + " entries missing; records: " + counts);
        return alarms + chains.missing() == 0;
    }

    private static String id(Order order) throws IOException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", order.servers))) {
            return admin.describeTopics(List.of(order.topic))
                    .allTopicNames()
                    .get()
                    .get(order.topic)
                    .topicId()
                    .toString();
        } catch (ExecutionException e) {
            throw new IOException(order.topic + " is not described: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void tell(Finding finding) {
        counts.merge(finding.kind(), 1L, Long::sum);
        switch (finding.kind()) {
            case NEXT -> print(finding.entry());
            case REPEAT -> {} // delivery is at least once
            case GAP, FILLED -> {
                err.println(finding.kind() + " " + finding.name() + ": " + finding.text());
                print(finding.entry());
            }
            // A real consumer wakes somebody here, and does not act on what it has read.
            case ALTERED, FORK -> err.println(finding.kind() + " " + finding.name() + ": " + finding.text());
        }
    }

    private void print(JsonNode entry) {
        out.printf(
                "%s %s#%s %s %s by %s: %s%n",
                entry.path("created_at").asText(),
                entry.path("chain").asText(),
                entry.path("seq"),
                entry.path("action").asText(),
                entry.path("resource_id").asText(),
                who(entry),
                entry.path("changes"));
    }

    /** The actor and, by a delegated token, who acted for them. */
    private static String who(JsonNode entry) {
        JsonNode actor = entry.path(entry.path("actor_name").isNull() ? "actor_id" : "actor_name");
        JsonNode delegate = entry.path("delegate_id");
        return delegate.isNull() ? actor.toString() : actor + " through " + delegate;
    }
}
