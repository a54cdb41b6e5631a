package io.scaiwave.admin.stats;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A record that could not be counted, on its way to the dead-letter topic.
 *
 * @param whole whether it goes with all that it holds; else only with the reason and where it stands
 */
record DeadLetter(Received refused, boolean whole) {

    /** @param bytesMax of a record that goes whole */
    static DeadLetter of(Received refused, int bytesMax) {
        return new DeadLetter(refused, bytes(refused.record()) <= bytesMax);
    }

    private static long bytes(ConsumerRecord<byte[], byte[]> record) {
        long bytes = Math.max(0, record.serializedKeySize()) + (long) Math.max(0, record.serializedValueSize());
        for (Header header : record.headers()) {
            bytes += header.key().length() * 4L + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    DeadLetter shortened() {
        return new DeadLetter(refused, false);
    }

    ProducerRecord<byte[], byte[]> to(String topic) {
        ConsumerRecord<byte[], byte[]> record = refused.record();
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topic, whole ? record.key() : null, whole ? record.value() : null);
        if (whole) {
            record.headers().forEach(letter.headers()::add);
        }
        add(letter, "reason", refused.refusal());
        add(letter, "topic", record.topic());
        add(letter, "partition", Integer.toString(record.partition()));
        add(letter, "offset", Long.toString(record.offset()));
        return letter;
    }

    private static void add(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Where the record stands, and why it is refused. */
    String place() {
        ConsumerRecord<byte[], byte[]> record = refused.record();
        return "%s-%d at %d: %s".formatted(record.topic(), record.partition(), record.offset(), refused.refusal());
    }
}
