package io.scaiwave.admin.stats;

import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.DatabaseFaults;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Scope;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.kafka.Topics;
import io.scaiwave.admin.stats.ActivityEvent.Amount;
import io.scaiwave.admin.stats.ActivityEvent.Member;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The activity verticle's statements: a batch of events, counted once, and how far it went, in one transaction. */
final class ActivityStore {
    private static final int EXPIRED_AT_ONCE = 10_000;

    private ActivityStore() {}

    private static final String PLACES = """
            INSERT INTO activity_offsets AS o (topic, partition, topic_id, next_offset)
            SELECT $1, partition, $2, 0 FROM unnest($3::int[]) AS partition
            ON CONFLICT ON CONSTRAINT activity_offsets_pk DO UPDATE
            SET topic_id = coalesce(excluded.topic_id, o.topic_id),
                next_offset = CASE WHEN o.topic_id <> excluded.topic_id THEN 0 ELSE o.next_offset END
            RETURNING new.partition, new.next_offset, old.topic_id,
                old.partition IS NOT NULL AS known, coalesce(old.topic_id <> new.topic_id, false) AS anew
            """;

    /**
     * Where one partition is to be read from.
     *
     * @param offset the first one that has not been applied
     * @param known whether it has been read before
     * @param before the id of the topic that had this name before, if it is another one now
     */
    record Place(
            int partition,
            long offset,
            boolean known,
            @Nullable String before) {
        private static Place of(Row row) {
            String before = row.getBoolean("anew") ? row.getString("topic_id") : null;
            boolean known = row.getBoolean("known") && before == null;
            return new Place(row.getInteger("partition"), row.getLong("next_offset"), known, before);
        }
    }

    /** Where each partition is to be read from: at 0 where it is new, or of another topic than before. */
    static Future<List<Place>> places(SqlClient session, String topic, Topics.Found found) {
        return session.preparedQuery(PLACES)
                .execute(Tuple.of(topic, found.id())
                        .addArrayOfInteger(found.partitions().toArray(Integer[]::new)))
                .map(rows -> Rows.all(rows, Place::of));
    }

    /** Those of the ids that are tenants'. Tenants are never deleted, so it stays true. */
    static Future<Set<UUID>> tenants(SqlClient session, Set<UUID> ids) {
        return session.preparedQuery("SELECT id FROM tenants WHERE id = ANY ($1)")
                .execute(uuids(ids))
                .map(rows -> Set.copyOf(Rows.all(rows, row -> row.getUUID("id"))));
    }

    /**
     * How far a batch goes in one topic.
     *
     * @param from the offset of each partition at which it must begin
     * @param to the first offset behind it
     */
    record Progress(String topic, Map<Integer, Long> from, Map<Integer, Long> to) {}

    /** All of it, or nothing; fails with {@link Overtaken} when another consumer was there first. */
    static Future<Void> apply(SqlConnection session, Progress progress, List<ActivityEvent> events) {
        return session.begin().compose(transaction -> advance(session, progress)
                .compose(v -> fresh(session, events))
                .compose(fresh -> add(session, fresh).compose(v -> move(session, fresh)))
                .compose(v -> transaction.commit())
                .recover(e -> transaction.rollback().otherwiseEmpty().compose(v -> Future.failedFuture(e))));
    }

    /** The offsets are not those that the batch began at. */
    static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Overtaken() {
            super("another consumer has gone on from here", null, false, false);
        }
    }

    private static final String ADVANCE = """
            UPDATE activity_offsets o SET next_offset = batch.next
            FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS batch (partition, expected, next)
            WHERE o.topic = $1 AND o.partition = batch.partition AND o.next_offset = batch.expected
            """;

    private static Future<Void> advance(SqlClient session, Progress progress) {
        List<Integer> partitions = List.copyOf(progress.to.keySet());
        Tuple parameters = Tuple.of(progress.topic)
                .addArrayOfInteger(partitions.toArray(Integer[]::new))
                .addArrayOfLong(partitions.stream().map(progress.from::get).toArray(Long[]::new))
                .addArrayOfLong(partitions.stream().map(progress.to::get).toArray(Long[]::new));
        return session.preparedQuery(ADVANCE).execute(parameters).compose(rows -> {
            if (rows.rowCount() == partitions.size()) {
                return Future.succeededFuture();
            }
            return Future.failedFuture(new Overtaken());
        });
    }

    private static final String SEEN =
            "INSERT INTO activity_seen (event) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING event";

    /** Those that were never applied before, each once. */
    private static Future<List<ActivityEvent>> fresh(SqlClient session, List<ActivityEvent> events) {
        Map<UUID, ActivityEvent> byKey = new LinkedHashMap<>();
        events.forEach(event -> byKey.putIfAbsent(event.key(), event));
        if (byKey.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return session.preparedQuery(SEEN)
                .execute(uuids(byKey.keySet()))
                .map(rows -> Rows.all(rows, row -> byKey.get(row.getUUID("event"))));
    }

    private static final String ADD = """
            INSERT INTO totals (tenant_id, period, metric, label, value)
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[]) ORDER BY 1, 2, 3, 4
            ON CONFLICT ON CONSTRAINT totals_pk DO UPDATE SET value = totals.value + excluded.value
            """;

    private record Total(UUID tenantId, String period, String metric, String label) {}

    private static Future<Void> add(SqlClient session, List<ActivityEvent> events) {
        Map<Total, Long> sums = new LinkedHashMap<>();
        for (ActivityEvent event : events) {
            for (Amount amount : event.amounts()) {
                Total total = new Total(event.tenantId(), amount.period(), amount.metric(), amount.label());
                sums.merge(total, amount.value(), Math::addExact);
            }
        }
        if (sums.isEmpty()) {
            return Future.succeededFuture();
        }
        Set<Total> totals = sums.keySet();
        Tuple parameters = uuids(totals.stream().map(Total::tenantId).toList())
                .addArrayOfString(totals.stream().map(Total::period).toArray(String[]::new))
                .addArrayOfString(totals.stream().map(Total::metric).toArray(String[]::new))
                .addArrayOfString(totals.stream().map(Total::label).toArray(String[]::new))
                .addArrayOfLong(sums.values().toArray(Long[]::new));
        return session.preparedQuery(ADD).execute(parameters).mapEmpty();
    }

    // Locked first, as the API does it: whoever writes a participant has its tenant's row, so that the two cannot block
    // each other.
    private static final String LOCK_TENANTS = "SELECT FROM tenants WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE";

    private static final List<String> MOVED = List.of(
            "tenant_id",
            "local_id",
            "server_name",
            "display_name",
            "avatar_url",
            "participant_type",
            "present",
            "event_at");

    private static final String MOVE =
            """
            INSERT INTO participants AS p (id, %1$s)
            SELECT id, %1$s FROM jsonb_populate_recordset(NULL::participants, $1) ORDER BY event_at
            ON CONFLICT (id) DO UPDATE SET (%1$s) = (%2$s)
            WHERE p.event_at <= excluded.event_at
            """.formatted(String.join(", ", MOVED), "excluded." + String.join(", excluded.", MOVED));

    private static Future<Void> move(SqlClient session, List<ActivityEvent> events) {
        Map<String, Member> newest = new LinkedHashMap<>();
        for (ActivityEvent event : events) {
            if (event.member() != null) {
                newest.merge(event.member().id(), event.member(), ActivityStore::newer);
            }
        }
        if (newest.isEmpty()) {
            return Future.succeededFuture();
        }
        return session.preparedQuery(LOCK_TENANTS)
                .execute(uuids(newest.values().stream().map(Member::tenantId).collect(Collectors.toSet())))
                .compose(v -> session.preparedQuery(MOVE).execute(Tuple.of(Json.array(List.copyOf(newest.values())))))
                .mapEmpty();
    }

    private static Member newer(Member a, Member b) {
        return OffsetDateTime.parse(a.eventAt()).isAfter(OffsetDateTime.parse(b.eventAt())) ? a : b;
    }

    /** The schema, rights, transactions: what is wrong with these is so for every event. */
    private static final Set<String> NO_EVENTS_FAULT = Set.of("42", "25", "28", "0A", "3D", "3F");

    /** What PostgreSQL has against an event, whatever it is; null when the failure is not an event's fault. */
    static @Nullable String refusal(Throwable e) {
        if (e instanceof ArithmeticException) {
            return "the amounts do not fit together"; // of a whole batch: one event's do
        }
        if (!(e instanceof PgException refused) || DatabaseFaults.away(e)) {
            return null;
        }
        if ("participant_local_id_unique".equals(refused.getConstraint())) {
            return "data.local_id is another participant's";
        }
        String state = String.valueOf(refused.getSqlState());
        boolean itsFault = NO_EVENTS_FAULT.stream().noneMatch(state::startsWith);
        return itsFault ? String.valueOf(refused.getErrorMessage()) : null;
    }

    static Future<Void> complete(SqlClient session, OffsetDateTime asOf) {
        return session.preparedQuery("UPDATE activity_state SET as_of = greatest(as_of, $1)")
                .execute(Tuple.of(asOf))
                .mapEmpty();
    }

    private static final String EXPIRE = """
            DELETE FROM activity_seen WHERE event IN (
                SELECT event FROM activity_seen WHERE seen_at < now() - make_interval(days => $1) ORDER BY seen_at LIMIT $2)
            """;

    /** Forgets events older than that, some at a time. */
    static Future<Void> expire(Database database, int days) {
        return database.write(Scope.ALL, EXPIRE, Tuple.of(days, EXPIRED_AT_ONCE))
                .compose(rows -> rows.rowCount() < EXPIRED_AT_ONCE ? Future.succeededFuture() : expire(database, days));
    }

    private static Tuple uuids(Collection<UUID> ids) {
        return Tuple.tuple().addArrayOfUUID(ids.toArray(UUID[]::new));
    }
}
