package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.audit.entry.ChainHead;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.work.Loop;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;

/** The signed heads of chains. */
final class CheckpointStore {
    /** Of one round; what is left is signed in the next. */
    static final int ROUND_MAX = 2_000;

    private static final String COLUMNS = "chain, seq, hash, signed_at, key_id, signature";

    private CheckpointStore() {}

    /** What a round found that took as many. */
    static Loop.Found found(Collection<?> taken) {
        return taken.size() >= ROUND_MAX ? Loop.Found.PLENTY : Loop.Found.NOTHING;
    }

    private static final String MOVED = """
            SELECT %s FROM audit_chain c
            WHERE audit_shard(chain) = ANY ($1::smallint[]) AND chain <> ALL ($3::text[])
              AND seq > coalesce((SELECT k.seq FROM audit_checkpoints k WHERE k.chain = c.chain), 0) LIMIT $2
            """.formatted(ChainHead.COLUMNS);

    /**
     * The heads that have moved since they were last signed.
     *
     * @param but chains to leave out
     */
    static Future<List<ChainHead>> moved(Database database, Short[] shards, String[] but) {
        return database.read(
                        Scope.ALL,
                        MOVED,
                        Tuple.tuple()
                                .addArrayOfShort(shards)
                                .addValue((long) ROUND_MAX)
                                .addArrayOfString(but))
                .map(rows -> Rows.all(rows, ChainHead::of));
    }

    static Future<Void> keep(Database database, List<Checkpoint> checkpoints) {
        return database.call("SELECT audit_sign($1)", Tuple.of(Json.array(checkpoints)))
                .mapEmpty();
    }

    private static final String UNPUBLISHED = """
            SELECT %s FROM audit_checkpoints
            WHERE NOT published AND audit_shard(chain) = ANY ($1::smallint[]) AND chain <> ALL ($3::text[]) LIMIT $2
            """.formatted(COLUMNS);

    static Future<List<Checkpoint>> unpublished(Database database, Short[] shards, String[] but) {
        return database.read(
                        Scope.ALL,
                        UNPUBLISHED,
                        Tuple.tuple()
                                .addArrayOfShort(shards)
                                .addValue((long) ROUND_MAX)
                                .addArrayOfString(but))
                .map(rows -> Rows.all(
                        rows,
                        row -> new Checkpoint(
                                row.getString("chain"),
                                Checkpoint.HEAD,
                                row.getLong("seq"),
                                row.getString("hash"),
                                row.getOffsetDateTime("signed_at"),
                                row.getString("key_id"),
                                row.getString("signature"))));
    }

    static Future<Void> published(Database database, List<Checkpoint> checkpoints) {
        return database.call("SELECT audit_published($1)", Tuple.of(Json.array(checkpoints)))
                .mapEmpty();
    }
}
