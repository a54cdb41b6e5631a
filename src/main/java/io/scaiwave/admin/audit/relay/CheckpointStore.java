package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.audit.entry.ChainHead;
import io.scaiwave.admin.audit.entry.Checkpoint;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
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
                        MOVED,
                        Tuple.tuple()
                                .addArrayOfShort(shards)
                                .addValue((long) ROUND_MAX)
                                .addArrayOfString(but))
                .map(rows -> Rows.all(rows, ChainHead::of));
    }

    private static final String KEEP = """
            INSERT INTO audit_checkpoints AS k (%1$s)
            SELECT %1$s FROM jsonb_populate_recordset(NULL::audit_checkpoints, $1)
            ON CONFLICT (chain) DO UPDATE
            SET seq = excluded.seq, hash = excluded.hash, signed_at = excluded.signed_at, key_id = excluded.key_id,
                signature = excluded.signature, published = false
            WHERE k.seq < excluded.seq
            """.formatted(COLUMNS);

    static Future<Void> keep(Database database, List<Checkpoint> checkpoints) {
        return database.write(KEEP, Tuple.of(Json.array(checkpoints))).mapEmpty();
    }

    private static final String UNPUBLISHED = """
            SELECT %s FROM audit_checkpoints
            WHERE NOT published AND audit_shard(chain) = ANY ($1::smallint[]) AND chain <> ALL ($3::text[]) LIMIT $2
            """.formatted(COLUMNS);

    static Future<List<Checkpoint>> unpublished(Database database, Short[] shards, String[] but) {
        return database.read(
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

    private static final String PUBLISHED = """
            UPDATE audit_checkpoints k SET published = true
            FROM jsonb_populate_recordset(NULL::audit_checkpoints, $1) AS sent
            WHERE k.chain = sent.chain AND k.seq = sent.seq
            """;

    static Future<Void> published(Database database, List<Checkpoint> checkpoints) {
        return database.write(PUBLISHED, Tuple.of(Json.array(checkpoints))).mapEmpty();
    }
}
