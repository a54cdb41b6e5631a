package io.scaiwave.admin.audit.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.local.LocalKafka;
import io.scaiwave.admin.testing.AuditTopic;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** A producer that does not know the topic yet, while its broker comes back: the moment in which records can overtake. */
class OrderedSendTest {
    private static final String TOPIC = "ordered";
    private static final int BLOCK_MS = 300;
    private static final int BACK_MS = 1_000;

    @Test
    void aRecordBehindOneThatWasNotTaken_isNotSentEither() throws InterruptedException {
        try (LocalKafka kafka = LocalKafka.start(null);
                KafkaProducer<String, byte[]> producer = producer(kafka)) {
            makeTopic(kafka);
            kafka.stop();
            Thread back = new Thread(() -> comesBack(kafka));
            back.start();
            // Long enough for the broker to be there before the last of them has had its turn.
            List<Future<Void>> sends = new OrderedSend(producer).send(records(100));
            back.join();
            assertThat(sends).allMatch(Future::failed);
            producer.flush();
            assertThat(AuditTopic.readAll(kafka.bootstrapServers(), TOPIC, "chain"))
                    .isEmpty();
        }
    }

    @Test
    void recordsThatAreTooLarge_doNotKeepBackTheOthers() {
        try (LocalKafka kafka = LocalKafka.start(null);
                KafkaProducer<String, byte[]> producer = producer(kafka)) {
            makeTopic(kafka);
            List<ProducerRecord<String, byte[]>> records =
                    List.of(record("{}"), record("x".repeat(2_000_000)), record("{}"));
            List<Future<Void>> sends = new OrderedSend(producer).send(records);
            producer.flush();
            assertThat(sends).extracting(Future::succeeded).containsExactly(true, false, true);
            assertThat(OrderedSend.isRefused(sends.get(1).cause())).isTrue();
        }
    }

    private static void comesBack(LocalKafka kafka) {
        try {
            Thread.sleep(BACK_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kafka.startAgain();
    }

    private static List<ProducerRecord<String, byte[]>> records(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> record("{\"n\": " + i + "}"))
                .toList();
    }

    private static ProducerRecord<String, byte[]> record(String value) {
        return new ProducerRecord<>(TOPIC, "chain", value.getBytes(StandardCharsets.UTF_8));
    }

    private static void makeTopic(LocalKafka kafka) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static KafkaProducer<String, byte[]> producer(LocalKafka kafka) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "max.block.ms",
                        BLOCK_MS,
                        "reconnect.backoff.max.ms",
                        50),
                new StringSerializer(),
                new ByteArraySerializer());
    }
}
