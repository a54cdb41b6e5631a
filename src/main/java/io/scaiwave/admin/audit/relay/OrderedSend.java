package io.scaiwave.admin.audit.relay;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Hands records to a producer in their order, and none behind the first that it does not take at once. A producer that has
 * forgotten the topic's partitions, while the brokers were away, lets a record fail alone after a wait, and takes the next one as
 * soon as a broker answers: that one would overtake it.
 */
final class OrderedSend {
    private static final String STOPPED = "not sent, because a record before it was not taken";

    private final Producer<String, byte[]> producer;

    OrderedSend(Producer<String, byte[]> producer) {
        this.producer = producer;
    }

    /** What becomes of each record, in their order. Blocks while the producer waits for brokers or for room in its buffer. */
    List<Future<Void>> send(List<ProducerRecord<String, byte[]>> records) {
        List<Future<Void>> sends = new ArrayList<>(records.size());
        boolean taken = true;
        for (ProducerRecord<String, byte[]> each : records) {
            Future<Void> sent = taken ? send(each) : Future.failedFuture(new KafkaException(STOPPED));
            sends.add(sent);
            taken = taken && (!sent.failed() || isRefused(sent.cause()));
        }
        return sends;
    }

    private Future<Void> send(ProducerRecord<String, byte[]> each) {
        Promise<Void> sent = Promise.promise();
        try {
            var unused = producer.send(each, (metadata, e) -> {
                if (e == null) {
                    sent.complete();
                } else {
                    sent.fail(e);
                }
            });
        } catch (RuntimeException e) {
            sent.tryFail(e); // a producer that was closed meanwhile
        }
        return sent.future();
    }

    /** Whether the record itself is at fault, so that sending it again would be refused again. */
    static boolean isRefused(Throwable e) {
        return e instanceof RecordTooLargeException
                || e instanceof SerializationException
                || e instanceof InvalidRecordException;
    }
}
