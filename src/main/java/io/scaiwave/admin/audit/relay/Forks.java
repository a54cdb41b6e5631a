package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.scaiwave.admin.work.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chains whose published ends are ahead of this database, because it was restored from an older state: what would be appended
 * to them now would fork them. The ends are compared when shards are taken, before anything is appended. Kafka is waited for only so
 * long; where it is away for longer, they are compared before the next head is published. To be used on one event loop only.
 */
final class Forks {
    private static final Logger LOG = LoggerFactory.getLogger(Forks.class);
    /** While there are some, they may be mended: by the verb recover, or by another restore. */
    private static final long AGAIN_MS = 5_000;

    private final Vertx vertx;
    private final Database database;
    private final Config config;
    private final Consumer<@Nullable String> problem;
    private volatile String[] chains = {}; // the metrics read it too
    private boolean compared;
    private @Nullable Future<Void> comparing;
    private int takeovers;
    private Deadline patience;
    private Deadline again;

    /** @param problem who is told that there are some, in words; null when there are none */
    Forks(Vertx vertx, Database database, Config config, Consumer<@Nullable String> problem) {
        this.vertx = vertx;
        this.database = database;
        this.config = config;
        this.problem = problem;
        this.compared = !config.kafka().enabled();
        this.patience = Deadline.in(config.audit().compareWaitMs());
        this.again = patience;
    }

    /** Whoever had the shards before may have published more, and a new session may lead to another database. */
    void lookAgain() {
        compared = !config.kafka().enabled();
        patience = Deadline.in(config.audit().compareWaitMs());
        takeovers++;
        comparing = null;
    }

    /** Their names, as of the last comparison. */
    String[] chains() {
        return chains;
    }

    /** Whether appending may go on, to all chains but {@link #chains}; false while Kafka is still waited for. */
    Future<Boolean> mayAppend() {
        if (compared && (chains.length == 0 || !again.passed())) {
            return Future.succeededFuture(true);
        }
        if (!compared && patience.passed()) {
            return Future.succeededFuture(true);
        }
        return compare().map(true).otherwise(this::later);
    }

    private boolean later(Throwable e) {
        again = Deadline.in(AGAIN_MS);
        if (compared) {
            return true;
        }
        if (patience.passed()) {
            LOG.warn(
                    "the ends of the chains are appended to without a comparison with what was published: {}",
                    e.toString());
        }
        return patience.passed();
    }

    /** Compares, if that is still to be done; fails when Kafka does not tell. */
    Future<Void> beforePublishing() {
        return compared ? Future.succeededFuture() : compare();
    }

    /** Once at a time. */
    private Future<Void> compare() {
        if (comparing != null) {
            return comparing;
        }
        int begun = takeovers;
        long overlapMs = 2 * config.audit().checkpointMs() + AGAIN_MS;
        Future<Void> started = vertx.executeBlocking(() -> PublishedHeads.read(config.kafka(), overlapMs), false)
                .compose(this::ahead)
                .compose(ahead -> found(ahead, begun))
                .onFailure(this::tell);
        comparing = started;
        return started.onComplete(done -> {
            if (comparing == started) {
                comparing = null;
            }
        });
    }

    /** What was read before a takeover says nothing of what the node before published. */
    private Future<Void> found(List<String> ahead, int begun) {
        if (begun != takeovers) {
            return Future.failedFuture(new IllegalStateException("shards were taken meanwhile"));
        }
        compared = true;
        again = Deadline.in(AGAIN_MS);
        chains = ahead.toArray(String[]::new);
        problem.accept(words(ahead));
        return Future.succeededFuture();
    }

    /** The publisher tells of brokers that are away; that it may write says nothing of whether this may read. */
    private void tell(Throwable e) {
        if (e instanceof AuthorizationException && chains.length == 0) {
            problem.accept("the published heads cannot be compared, and no others are published: " + e.getMessage());
        }
    }

    private static final String AHEAD = """
            SELECT p.chain FROM unnest($1::text[], $2::bigint[], $3::text[]) AS p (chain, seq, hash)
            LEFT JOIN audit_chain c USING (chain)
            WHERE c.seq IS NULL OR c.seq < p.seq OR (c.seq = p.seq AND c.hash <> p.hash) ORDER BY p.chain
            """;

    private Future<List<String>> ahead(Map<String, PublishedHeads.Head> heads) {
        List<Map.Entry<String, PublishedHeads.Head>> all = List.copyOf(heads.entrySet());
        return database.read(
                        Scope.ALL,
                        AHEAD,
                        Tuple.tuple()
                                .addArrayOfString(
                                        all.stream().map(Map.Entry::getKey).toArray(String[]::new))
                                .addArrayOfLong(all.stream()
                                        .map(head -> head.getValue().seq())
                                        .toArray(Long[]::new))
                                .addArrayOfString(all.stream()
                                        .map(head -> head.getValue().hash())
                                        .toArray(String[]::new)))
                .map(rows -> Rows.all(rows, row -> row.getString("chain")));
    }

    private static @Nullable String words(List<String> chains) {
        if (chains.isEmpty()) {
            return null;
        }
        return ("Kafka knows later entries of %d chains than this database, such as %s: the database was restored from an "
                        + "older state, and nothing is appended to them until the verb recover has brought them back")
                .formatted(chains.size(), chains.get(0));
    }
}
