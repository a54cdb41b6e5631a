package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chains whose published heads are ahead of this database, because it was restored from an older state: what would be appended
 * to them now would fork them. The heads are compared when shards are taken, before anything is appended; while Kafka is away, before
 * the next head is published. To be used on one event loop only.
 */
final class Forks {
    private static final Logger LOG = LoggerFactory.getLogger(Forks.class);

    private final Vertx vertx;
    private final Database database;
    private final Config.Kafka kafka;
    private final Consumer<@Nullable String> problem;
    private volatile String[] chains = {}; // the metrics read it too
    private boolean compared;
    private boolean tried;

    /** @param problem who is told that there are some, in words; null when there are none */
    Forks(Vertx vertx, Database database, Config.Kafka kafka, Consumer<@Nullable String> problem) {
        this.vertx = vertx;
        this.database = database;
        this.kafka = kafka;
        this.problem = problem;
        this.compared = !kafka.enabled();
    }

    /** Whoever had the shards before may have published more, and a new session may lead to another database. */
    void lookAgain() {
        compared = !kafka.enabled();
        tried = false;
    }

    /** Their names, as of the last comparison. */
    String[] chains() {
        return chains;
    }

    /** Compares, once. Kafka being away holds nobody up twice. */
    Future<Void> beforeAppending() {
        if (compared || tried) {
            return Future.succeededFuture();
        }
        tried = true;
        return compare().otherwise(e -> {
            LOG.info("the published heads are compared later: {}", e.toString());
            return null;
        });
    }

    /** Compares, if that is still to be done; fails when Kafka does not tell. */
    Future<Void> beforePublishing() {
        return compared ? Future.succeededFuture() : compare();
    }

    private Future<Void> compare() {
        return vertx.executeBlocking(() -> PublishedHeads.read(kafka), false)
                .compose(this::ahead)
                .onSuccess(found -> {
                    compared = true;
                    chains = found.toArray(String[]::new);
                    problem.accept(words(found));
                })
                .mapEmpty();
    }

    private static final String AHEAD = """
            SELECT p.chain FROM unnest($1::text[], $2::bigint[], $3::text[]) AS p (chain, seq, hash)
            LEFT JOIN audit_chain c USING (chain)
            WHERE c.seq IS NULL OR c.seq < p.seq OR (c.seq = p.seq AND c.hash <> p.hash) ORDER BY p.chain
            """;

    private Future<List<String>> ahead(Map<String, PublishedHeads.Head> heads) {
        List<Map.Entry<String, PublishedHeads.Head>> all = List.copyOf(heads.entrySet());
        return database.read(
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
        return ("the checkpoint topic knows later entries of %d chains than this database, such as %s: the database was restored from an "
                        + "older state, and nothing is appended to them (docs/operations.md, Backup and restore)")
                .formatted(chains.size(), chains.get(0));
    }
}
