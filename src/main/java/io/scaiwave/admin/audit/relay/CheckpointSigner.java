package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.audit.entry.ChainHead;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.audit.entry.CheckpointKeys;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.work.Loop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** Signs the heads of the shards held that have moved since they were last signed. */
final class CheckpointSigner {
    private final Vertx vertx;
    private final Database database;
    private final Shards shards;
    private final Forks forks;
    private final CheckpointKeys keys;

    CheckpointSigner(Vertx vertx, Database database, LogAppender.Writing writing, CheckpointKeys keys) {
        this.vertx = vertx;
        this.database = database;
        this.shards = writing.shards();
        this.forks = writing.forks();
        this.keys = keys;
    }

    /** One round: heads that go on moving are signed in the next one. */
    Future<Loop.Found> signHeads() {
        Short[] held = shards.held();
        if (held.length == 0) {
            return Future.succeededFuture(Loop.Found.NOTHING);
        }
        return forks.mayAppend().compose(may -> may ? sign(held) : Future.succeededFuture(Loop.Found.NOTHING));
    }

    private Future<Loop.Found> sign(Short[] held) {
        return CheckpointStore.moved(database, held, forks.chains()).compose(this::sign);
    }

    /** A signature takes a fraction of a millisecond; thousands are no work for an event loop. */
    private Future<Loop.Found> sign(List<ChainHead> heads) {
        if (heads.isEmpty()) {
            return Future.succeededFuture(Loop.Found.NOTHING);
        }
        return vertx.executeBlocking(() -> heads.stream().map(this::signed).toList())
                .compose(signed -> CheckpointStore.keep(database, signed))
                .map(CheckpointStore.found(heads));
    }

    private Checkpoint signed(ChainHead head) {
        return keys.sign(head.chain(), Checkpoint.HEAD, head.seq(), head.hash());
    }
}
