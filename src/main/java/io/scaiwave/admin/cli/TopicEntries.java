package io.scaiwave.admin.cli;

import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.verify.EntryReader;
import io.scaiwave.admin.audit.verify.Pipeline;
import io.scaiwave.admin.audit.verify.Sighting;
import io.scaiwave.admin.audit.verify.Unreadable;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The entries on the audit topic, and the checkpoints on theirs. */
final class TopicEntries {
    private TopicEntries() {}

    /** @throws Unreadable when there is no such topic */
    static void read(TopicReader topics, String topic, Pipeline pipeline) {
        boolean there = topics.read(
                topic,
                records -> pipeline.submit(
                        () -> records.stream().map(TopicEntries::entry).toList()));
        if (!there) {
            throw new Unreadable("there is no topic " + topic);
        }
    }

    private static Sighting entry(ConsumerRecord<String, byte[]> record) {
        return EntryReader.entry(record.value(), 0, record.value().length, place(record));
    }

    /** Anyone's record on the topic may be no checkpoint: it is named, and holds the others not up. */
    static void checkpoints(
            List<ConsumerRecord<String, byte[]>> records, Consumer<String> notes, Consumer<Checkpoint> receiver) {
        for (ConsumerRecord<String, byte[]> record : records) {
            try {
                receiver.accept(checkpoint(record));
            } catch (Unreadable e) {
                notes.accept("passed over: " + e.getMessage());
            }
        }
    }

    private static Checkpoint checkpoint(ConsumerRecord<String, byte[]> record) {
        return EntryReader.checkpoint(record.value(), 0, record.value().length, place(record));
    }

    private static String place(ConsumerRecord<String, byte[]> record) {
        return "the record at offset %d of partition %d of %s"
                .formatted(record.offset(), record.partition(), record.topic());
    }
}
