package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.work.Loop;
import io.vertx.core.Future;
import java.util.List;

/** Publishes the signed heads of the shards held that Kafka has not acknowledged. */
final class CheckpointPublisher {
    private final Database database;
    private final Shards shards;
    private final Forks forks;
    private final KafkaPublisher kafka;

    CheckpointPublisher(Database database, LogAppender.Writing writing, KafkaPublisher kafka) {
        this.database = database;
        this.shards = writing.shards();
        this.forks = writing.forks();
        this.kafka = kafka;
    }

    Future<Loop.Found> publish() {
        Short[] held = shards.held();
        if (held.length == 0) {
            return Future.succeededFuture(Loop.Found.NOTHING);
        }
        return forks.beforePublishing()
                .compose(v -> CheckpointStore.unpublished(database, held, forks.chains()))
                .compose(this::publish);
    }

    private Future<Loop.Found> publish(List<Checkpoint> signed) {
        if (signed.isEmpty()) {
            return Future.succeededFuture(Loop.Found.NOTHING);
        }
        return kafka.publishCheckpoints(signed)
                .compose(v -> CheckpointStore.published(database, signed))
                .map(CheckpointStore.found(signed));
    }
}
