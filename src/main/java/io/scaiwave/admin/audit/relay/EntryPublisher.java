package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.work.Loop;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the entries of the shards held that Kafka has not acknowledged, batch by batch. */
final class EntryPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(EntryPublisher.class);

    private final Database database;
    private final Config.Audit config;
    private final Shards shards;
    private final KafkaPublisher kafka;

    EntryPublisher(Database database, Config.Audit config, Shards shards, KafkaPublisher kafka) {
        this.database = database;
        this.config = config;
        this.shards = shards;
        this.kafka = kafka;
    }

    Future<Loop.Found> publishBatch() {
        Short[] held = shards.held();
        if (held.length == 0) {
            return Future.succeededFuture(Loop.Found.NOTHING);
        }
        return UnsentStore.unsent(database, held, config).compose(this::publish);
    }

    private Future<Loop.Found> publish(UnsentStore.Unsent unsent) {
        int count = unsent.entries().size();
        if (count == 0) {
            return Future.succeededFuture(Loop.Found.NOTHING);
        }
        return kafka.publish(unsent.entries())
                .compose(refused -> {
                    refused.forEach((id, reason) -> LOG.error("Kafka refuses entry {}, it is parked: {}", id, reason));
                    return UnsentStore.done(database, unsent.positions(), refused);
                })
                .map(count >= config.batch() ? Loop.Found.PLENTY : Loop.Found.SOMETHING);
    }
}
