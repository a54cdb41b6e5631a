package io.scaiwave.admin.local;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.LoggerFactory;

/** Prints the value of each event on the audit topic, from the beginning, and follows until it is interrupted. */
public final class Consume {
    private static final Duration POLL = Duration.ofSeconds(1);

    private Consume() {}

    /** The arguments, if any: bootstrap servers (otherwise those of the running `mvn`), topic. */
    public static void main(String[] args) throws IOException {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
        Path address = Local.folder().resolve(Local.KAFKA_ADDRESS);
        if (args.length == 0 && !Files.exists(address)) {
            System.err.println(
                    "No local platform is running in this folder: start one with `mvn` in another terminal first.");
            System.exit(1);
        }
        String servers = args.length > 0 ? args[0] : Files.readString(address).strip();
        String topic = args.length > 1 ? args[1] : "scaiwave.admin.audit.v1";
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                servers,
                "group.id",
                "consume-" + UUID.randomUUID(),
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false,
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config)) {
            consumer.subscribe(List.of(topic));
            System.err.println("Events of " + topic + " at " + servers + ", from the first one on; Ctrl-C ends this.");
            while (true) {
                for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                    System.out.println(record.value());
                }
            }
        }
    }
}
