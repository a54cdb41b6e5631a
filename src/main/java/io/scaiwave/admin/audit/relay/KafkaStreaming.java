package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.work.Deadline;
import io.scaiwave.admin.work.Loop;
import io.vertx.core.Future;

/** What a node does for Kafka, where there is one: entries and checkpoints are published, each in a loop of its own. */
record KafkaStreaming(KafkaPublisher publisher, Loop entries, Loop checkpoints) {

    /** @param until when the loops are stopped at the latest */
    Future<Void> stop(Deadline until) {
        return entries.stop(until).compose(v -> checkpoints.stop(until)).eventually(publisher::close);
    }
}
