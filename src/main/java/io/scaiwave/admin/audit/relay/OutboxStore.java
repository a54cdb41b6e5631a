package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.audit.entry.ChainHead;
import io.scaiwave.admin.audit.entry.EntryColumns;
import io.scaiwave.admin.audit.entry.OutboxColumns;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.scaiwave.admin.db.UuidV7;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
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
        return database.call("SELECT audit_make_partitions($1)", Tuple.of(monthsAhead))
                .mapEmpty();
    }

    private static final String CLAIMED = "SELECT id AS position, " + OutboxColumns.SERVED + " FROM ";

    private static final String CLAIM = CLAIMED + "audit_claim($1, $2, $3, $4)";

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

    private static final String CLAIM_ONE = CLAIMED + "audit_claim_one($1)";

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

    private static final String JOIN = "SELECT audit_join($1, $2, $3, $4, $5, $6, $7)";

    private static Future<Integer> append(Appending by, RowSet<Row> claimed) {
        if (claimed.size() == 0) {
            return Future.succeededFuture(0);
        }
        // An outbox id is taken while the changed row is locked, so that events of one resource are in the order of
        // their commits.
        List<EntryColumns> events = AuditEntry.events(claimed).stream()
                .sorted(Comparator.comparingLong(event -> event.number("position")))
                .toList();
        long asked = by.clocks.now();
        Long[] positions =
                events.stream().map(event -> event.number("position")).toArray(Long[]::new);
        return by.session
                .preparedQuery(HEADS)
                .execute(Tuple.tuple().addArrayOfLong(positions))
                .compose(heads -> {
                    Instant now =
                            heads.iterator().next().getOffsetDateTime("now").toInstant();
                    by.clocks.require(asked, now.toEpochMilli());
                    return by.session
                            .preparedQuery(JOIN)
                            .execute(
                                    joins(positions, joined(events, heads, now)).addValue(by.streaming));
                })
                .map(events.size());
    }

    private static final String HEADS =
            "SELECT %s, clock_timestamp() AS now FROM audit_heads($1)".formatted(ChainHead.COLUMNS);

    /** @param now by the database's clock, which all nodes share: ids of different nodes sort by age */
    private static List<AuditEntry> joined(List<EntryColumns> events, RowSet<Row> heads, Instant now) {
        Map<String, ChainHead> ends = new HashMap<>();
        heads.forEach(row -> ends.put(row.getString("chain"), ChainHead.of(row)));
        List<AuditEntry> entries = new ArrayList<>(events.size());
        UUID last = UuidV7.NIL;
        for (EntryColumns event : events) {
            ChainHead end = Objects.requireNonNull(ends.get(event.text("chain")));
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

    /** Where the events join their chains; the rest of their entries they say themselves. */
    private static Tuple joins(Long[] positions, List<AuditEntry> entries) {
        return Tuple.tuple()
                .addArrayOfLong(positions)
                .addArrayOfUUID(entries.stream().map(AuditEntry::id).toArray(UUID[]::new))
                .addArrayOfLong(entries.stream().map(AuditEntry::seq).toArray(Long[]::new))
                .addArrayOfOffsetDateTime(
                        entries.stream().map(AuditEntry::createdAt).toArray(OffsetDateTime[]::new))
                .addArrayOfString(entries.stream().map(AuditEntry::prevHash).toArray(String[]::new))
                .addArrayOfString(entries.stream().map(AuditEntry::hash).toArray(String[]::new));
    }

    private static final String PARK = "SELECT audit_park($1, $2) AS chain";

    /** Parks an event, so that it does not hold up the others; gives its chain. */
    static Future<String> park(SqlConnection session, long position, String reason) {
        return session.preparedQuery(PARK)
                .execute(Tuple.of(position, reason))
                .map(rows -> Objects.requireNonNull(Rows.first(rows, row -> row.getString("chain"))));
    }

    /** Gives so many of the events parked up to this one another try, oldest first; says how many. */
    static Future<Integer> unpark(Database database, long upTo, int atMost) {
        return database.call("SELECT audit_unpark($1, $2) AS again", Tuple.of(upTo, (long) atMost))
                .map(rows -> rows.iterator().next().getInteger("again"));
    }

    private static final String LAST_PARKED =
            "SELECT coalesce(max(id), 0) AS last FROM audit_parked WHERE event IS NOT NULL";

    /** The last event that is parked; 0 when none is. */
    static Future<Long> lastParked(Database database) {
        return database.read(Scope.ALL, LAST_PARKED, Tuple.tuple())
                .map(rows -> rows.iterator().next().getLong("last"));
    }
}
