package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.work.Loop;
import io.vertx.core.Future;

/** What a node does for Kafka, where there is one: entries and checkpoints are published, each in a loop of its own. */
record KafkaStreaming(KafkaPublisher publisher, Loop entries, Loop checkpoints) {

    /** @param until when the loops are stopped at the latest, in milliseconds since 1970 */
    Future<Void> stop(long until) {
        return entries.stop(until).compose(v -> checkpoints.stop(until)).eventually(publisher::close);
    }
}
