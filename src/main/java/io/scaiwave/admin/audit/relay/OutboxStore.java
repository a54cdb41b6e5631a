package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.ChainHead;
import io.scaiwave.admin.audit.entry.OutboxColumns;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.UuidV7;
import io.scaiwave.admin.json.Json;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The way of events from the outbox to the ends of their chains in the log. */
public final class OutboxStore {
    private OutboxStore() {}

    static Future<Void> makePartitions(Database database, int monthsAhead) {
        return database.write("SELECT audit_make_partitions($1)", Tuple.of(monthsAhead))
                .mapEmpty();
    }

    private static final String CLAIMED =
            " RETURNING id AS position, traceparent, " + String.join(", ", OutboxColumns.EVENT);

    /** Of the oldest events the first of each chain, then the second, and so on: a chain with many does not hold up the others. */
    private static final String CLAIM = """
            DELETE FROM audit_outbox WHERE id IN (
                SELECT id FROM (
                    SELECT id, row_number() OVER turns AS turn, sum(bytes) OVER turns - bytes AS bytes_before
                    FROM (SELECT id, bytes, row_number() OVER (PARTITION BY chain ORDER BY id) AS place
                          FROM (SELECT id, chain, bytes FROM audit_outbox
                                WHERE shard = ANY ($1::smallint[]) AND chain <> ALL ($4::text[])
                                ORDER BY id LIMIT 5000) AS oldest) AS placed
                    WINDOW turns AS (ORDER BY place, id)) AS sized
                WHERE turn <= $2 AND bytes_before < $3)
            """ + CLAIMED;

    /**
     * The session that appends, and who lets nothing be written while the clocks differ, nor to a chain that would fork.
     *
     * @param streaming whether the entries are to be sent to Kafka
     */
    record Appending(SqlConnection session, ClockWatch clocks, Forks forks, boolean streaming) {}

    /** Moves at most so many events of these shards to the ends of their chains, in one transaction; says how many it moved. */
    static Future<Integer> appendBatch(Appending by, Short[] shards, int atMost, Config.Audit config) {
        return moved(
                by,
                CLAIM,
                Tuple.tuple()
                        .addArrayOfShort(shards)
                        .addValue((long) atMost)
                        .addValue(config.batchBytes())
                        .addArrayOfString(by.forks.chains()));
    }

    private static final String CLAIM_ONE = "DELETE FROM audit_outbox WHERE id = $1" + CLAIMED;

    /** Moves this event alone. */
    static Future<Integer> appendOne(Appending by, long position) {
        return moved(by, CLAIM_ONE, Tuple.of(position));
    }

    private static Future<Integer> moved(Appending by, String claim, Tuple parameters) {
        SqlConnection session = by.session;
        return session.begin().compose(transaction -> session.preparedQuery(claim)
                .execute(parameters)
                .compose(claimed -> append(by, claimed))
                .compose(count -> transaction.commit().map(count))
                .onFailure(e -> transaction.rollback()));
    }

    private static final String OLDEST =
            "SELECT id FROM audit_outbox WHERE shard = ANY ($1::smallint[]) AND chain <> ALL ($2::text[]) ORDER BY id LIMIT 1";

    /** The place of the oldest event of these shards; null when there is none. */
    static Future<@Nullable Long> oldest(Appending by, Short[] shards) {
        return by.session
                .preparedQuery(OLDEST)
                .execute(Tuple.tuple().addArrayOfShort(shards).addArrayOfString(by.forks.chains()))
                .map(rows -> Rows.first(rows, row -> row.getLong("id")));
    }

    private static final String PROBE = """
            INSERT INTO audit_outbox (chain, action, resource_id, changes, actor_id, actor_type)
            VALUES ('probe', 'audit.probe', 'probe', '{"before": null, "after": null}', 'probe', 'system')
            RETURNING id
            """;

    /** Whether the log takes an ordinary event: one goes the way that all go, and is taken back. Fails when the log does not. */
    static Future<Void> probe(Appending by) {
        SqlConnection session = by.session;
        return session.begin().compose(transaction -> session.query(PROBE)
                .execute()
                .compose(rows -> session.preparedQuery(CLAIM_ONE)
                        .execute(Tuple.of(rows.iterator().next().getLong("id"))))
                .compose(claimed -> append(by, claimed))
                .eventually(transaction::rollback)
                .mapEmpty());
    }

    private static final String APPEND = """
            WITH batch AS MATERIALIZED (SELECT * FROM jsonb_populate_recordset(NULL::audit_log, $1::text::jsonb)),
            entries AS (
                INSERT INTO audit_log (%1$s, bytes) SELECT %1$s, octet_length(changes::text) FROM batch
                RETURNING id, created_at, chain),
            unsent AS (
                INSERT INTO audit_unsent (entry_id, created_at, shard, traceparent)
                SELECT id, created_at, audit_shard(chain), traceparent
                FROM entries LEFT JOIN unnest($3::uuid[], $4::text[]) AS traced (id, traceparent) USING (id)
                WHERE $2 ORDER BY id)
            UPDATE audit_chain c SET seq = h.seq, hash = h.hash, last_id = h.id, last_at = h.created_at
            FROM (SELECT DISTINCT ON (chain) chain, seq, hash, id, created_at FROM batch ORDER BY chain, seq DESC) AS h
            WHERE c.chain = h.chain
            """.formatted(AuditEntry.COLUMNS);

    private static Future<Integer> append(Appending by, RowSet<Row> claimed) {
        if (claimed.rowCount() == 0) {
            return Future.succeededFuture(0);
        }
        // An outbox id is taken while the changed row is locked, so that events of one resource are in the order of
        // their commits.
        List<Row> events = Rows.all(claimed, row -> row).stream()
                .sorted(Comparator.comparingLong(row -> row.getLong("position")))
                .toList();
        long asked = by.clocks.now();
        return heads(by.session, events)
                .compose(heads -> {
                    Instant now =
                            heads.iterator().next().getOffsetDateTime("now").toInstant();
                    by.clocks.require(asked, now.toEpochMilli());
                    return by.session
                            .preparedQuery(APPEND)
                            .execute(parameters(events, joined(events, heads, now), by.streaming));
                })
                .map(events.size());
    }

    /** The trace contexts go beside the entries: they are no part of them. */
    private static Tuple parameters(List<Row> events, List<AuditEntry> entries, boolean streaming) {
        List<UUID> traced = new ArrayList<>();
        List<String> contexts = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            String context = events.get(i).getString("traceparent");
            if (context != null) {
                traced.add(entries.get(i).id());
                contexts.add(context);
            }
        }
        return Tuple.tuple()
                .addValue(Json.text(entries))
                .addValue(streaming)
                .addArrayOfUUID(traced.toArray(UUID[]::new))
                .addArrayOfString(contexts.toArray(String[]::new));
    }

    private static final String NEW_HEADS = """
            INSERT INTO audit_chain (chain, partner_id, seq, hash, last_id)
            SELECT chain, partner_id, 0, repeat('0', 64), '00000000-0000-0000-0000-000000000000'
            FROM unnest($1::text[], $2::uuid[]) AS new (chain, partner_id)
            ORDER BY chain ON CONFLICT (chain) DO NOTHING
            """;

    private static final String HEADS = """
            SELECT %s, clock_timestamp() AS now
            FROM audit_chain WHERE chain = ANY ($1) ORDER BY chain FOR UPDATE
            """.formatted(ChainHead.COLUMNS);

    /** The heads of the events' chains, locked: two that append to one chain wait for one another, whatever they believe they hold. */
    private static Future<RowSet<Row>> heads(SqlConnection session, List<Row> events) {
        Map<String, UUID> partners = new HashMap<>();
        events.forEach(row -> partners.put(row.getString("chain"), row.getUUID("partner_id")));
        String[] chains = partners.keySet().toArray(String[]::new);
        Tuple wanted = Tuple.tuple().addArrayOfString(chains);
        return session.preparedQuery(HEADS).execute(wanted).compose(heads -> {
            if (heads.size() == chains.length) {
                return Future.succeededFuture(heads);
            }
            Tuple all = Tuple.tuple()
                    .addArrayOfString(chains)
                    .addArrayOfUUID(partners.values().toArray(UUID[]::new));
            return session.preparedQuery(NEW_HEADS).execute(all).compose(v -> session.preparedQuery(HEADS)
                    .execute(wanted));
        });
    }

    /** @param now by the database's clock, which all nodes share: ids of different nodes sort by age */
    private static List<AuditEntry> joined(List<Row> events, RowSet<Row> heads, Instant now) {
        Map<String, ChainHead> ends = new HashMap<>();
        heads.forEach(row -> ends.put(row.getString("chain"), ChainHead.of(row)));
        List<AuditEntry> entries = new ArrayList<>(events.size());
        UUID last = UuidV7.NIL;
        for (Row event : events) {
            ChainHead end = Objects.requireNonNull(ends.get(event.getString("chain")));
            UUID floor = UuidV7.greater(end.lastId(), last);
            AuditEntry entry = AuditEntry.joining(event, UuidV7.after(floor, now.toEpochMilli()), end, now);
            ends.put(entry.chain(), entry.head());
            entries.add(entry);
            // A chain that a clock has led into the future does not take the others with it.
            if (UuidV7.millis(entry.id()) <= now.toEpochMilli()) {
                last = entry.id();
            }
        }
        return entries;
    }

    private static final String PARK = """
            WITH culprit AS (DELETE FROM audit_outbox WHERE id = $1 RETURNING *)
            INSERT INTO audit_parked (chain, reason, event) SELECT chain, $2, to_jsonb(culprit) FROM culprit
            RETURNING chain
            """;

    /** Parks an event, so that it does not hold up the others; gives its chain. */
    static Future<String> park(SqlConnection session, long position, String reason) {
        return session.preparedQuery(PARK)
                .execute(Tuple.of(position, reason))
                .map(rows -> Objects.requireNonNull(Rows.first(rows, row -> row.getString("chain"))));
    }

    private static final String UNPARK = """
            WITH again AS (
                DELETE FROM audit_parked WHERE id IN (
                    SELECT id FROM audit_parked WHERE event IS NOT NULL AND id <= $1 ORDER BY id LIMIT $2)
                RETURNING id, event)
            INSERT INTO audit_outbox (created_at, %1$s)
            SELECT created_at, %1$s FROM again, jsonb_populate_record(NULL::audit_outbox, again.event) ORDER BY again.id
            """.formatted(OutboxColumns.WRITTEN);

    /** Gives so many of the events parked up to this one another try, oldest first; says how many. */
    static Future<Integer> unpark(Database database, long upTo, int atMost) {
        return database.write(UNPARK, Tuple.of(upTo, (long) atMost)).map(RowSet::rowCount);
    }

    private static final String LAST_PARKED =
            "SELECT coalesce(max(id), 0) AS last FROM audit_parked WHERE event IS NOT NULL";

    /** The last event that is parked; 0 when none is. */
    static Future<Long> lastParked(Database database) {
        return database.read(LAST_PARKED, Tuple.tuple())
                .map(rows -> rows.iterator().next().getLong("last"));
    }
}
