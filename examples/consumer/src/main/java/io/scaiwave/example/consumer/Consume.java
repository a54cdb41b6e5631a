package io.scaiwave.example.consumer;

import io.scaiwave.example.consumer.ChainCheck.Finding;
import io.scaiwave.example.consumer.ChainCheck.Kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A consumer of the audit topic, to be copied with {@link ChainCheck}: it needs kafka-clients, jackson-databind and
 * java-json-canonicalization, and nothing of the server. It prints each event once, on a line, and on standard error what is
 * wrong with the chains. It reads from the beginning, because what it knows of the chains is in memory.
 */
public final class Consume {
    private static final Duration POLL = Duration.ofSeconds(1);

    private final PrintStream out;
    private final PrintStream err;
    private final ChainCheck chains = new ChainCheck();
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

    Consume(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * The arguments: bootstrap servers, topic if it is another, and --once to end where the topic ends now, with exit status 1
     * if anything is wrong.
     */
    public static void main(String[] args) {
        List<String> given = new ArrayList<>(List.of(args));
        boolean once = given.remove("--once");
        if (given.isEmpty()) {
            System.err.println("Which Kafka? Say its bootstrap servers, such as 127.0.0.1:9092");
            System.exit(2);
        }
        String servers = given.get(0);
        String topic = given.size() > 1 ? given.get(1) : "scaiwave.admin.audit.v1";
        System.err.println("Events of " + topic + " at " + servers + ", from the first one on; Ctrl-C ends this.");
        Consume consume = new Consume(new PrintStream(System.out, true, StandardCharsets.UTF_8), System.err);
        System.exit(consume.read(servers, topic, once) ? 0 : 1);
    }

    /** Whether all is well; unless {@code once}, it goes on with what comes and never answers. */
    boolean read(String servers, String topic, boolean once) {
        Map<String, Object> settings = Map.of("bootstrap.servers", servers, "allow.auto.create.topics", false);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            // The chain is the key, so all of a chain is in one partition, in order. Consumers that share the work as a
            // group take over what is known of a partition's chains together with the partition.
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(found -> new TopicPartition(topic, found.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            do {
                consumer.poll(POLL).forEach(found -> tell(chains.check(found.key(), found.value())));
            } while (!once || partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each)));
        }
        long alarms = counts.getOrDefault(Kind.ALTERED, 0L) + counts.getOrDefault(Kind.FORK, 0L);
        err.println(chains.missing() + " entries missing; records: " + counts);
        return alarms + chains.missing() == 0;
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
