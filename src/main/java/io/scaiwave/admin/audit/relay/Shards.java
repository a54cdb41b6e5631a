package io.scaiwave.admin.audit.relay;

import io.scaiwave.admin.db.Database;
import io.scaiwave.admin.db.Rows;
import io.scaiwave.admin.db.Session;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The shards of the audit trail that this node drains: those whose advisory locks its session holds. Each chain belongs to one
 * shard, so that one node at a time appends to it. Every node takes its fair share and gives up what is more; the shards of a node
 * whose session has ended are taken by the others when they next look. To be used on one event loop only.
 */
final class Shards {
    /** As the function audit_shard() of the database has it. */
    private static final int COUNT = 16;

    private final Session session;
    private final long balanceNanos;
    private final Listener listener;
    private final Set<Integer> held = new ConcurrentSkipListSet<>(); // sorted; the metrics read it too
    private boolean member;
    private long balancedAt;

    /**
     * Who is told.
     *
     * @param taken shards have been taken, perhaps from a node that left work in them
     * @param problem why none can be taken, in words; null when some can
     */
    record Listener(Runnable taken, Consumer<@Nullable String> problem) {}

    Shards(Vertx vertx, Database database, long balanceMs, Listener listener) {
        this.balanceNanos = TimeUnit.MILLISECONDS.toNanos(balanceMs);
        this.balancedAt = System.nanoTime() - balanceNanos;
        this.listener = listener;
        this.session = new Session(vertx, database, () -> {
            held.clear();
            member = false;
            balancedAt = System.nanoTime() - balanceNanos;
        });
    }

    /** The session that holds the locks, once the shards are balanced; what is appended to the log goes through it alone. */
    Future<SqlConnection> session() {
        return session.open().onComplete(this::tell).compose(connection -> {
            if (System.nanoTime() - balancedAt < balanceNanos) {
                return Future.succeededFuture(connection);
            }
            return balance(connection).map(connection).onSuccess(v -> balancedAt = System.nanoTime());
        });
    }

    private void tell(AsyncResult<SqlConnection> opened) {
        listener.problem.accept(opened.cause() instanceof Session.NotOne none ? none.getMessage() : null);
    }

    int count() {
        return held.size();
    }

    /** The numbers of the shards held, as a parameter of type smallint[]; empty when none is. */
    Short[] held() {
        return held.stream().map(Integer::shortValue).toArray(Short[]::new);
    }

    private static final String JOIN = "SELECT pg_advisory_lock_shared(hashtext('scaiwave.audit'), -1)";

    /** Every node holds a share of lock -1: how many there are is how many nodes live. */
    private static final String MEMBERS = """
            SELECT count(*) AS members FROM pg_locks
            WHERE locktype = 'advisory' AND classid = (hashtext('scaiwave.audit')::bigint & 4294967295)::oid
              AND objid = 4294967295::oid AND objsubid = 2 AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """;

    private Future<Void> balance(SqlConnection connection) {
        return join(connection)
                .compose(v -> connection.preparedQuery(MEMBERS).execute())
                .map(rows -> Rows.first(rows, row -> row.getInteger("members")))
                .compose(members -> {
                    int share = (COUNT + members - 1) / members;
                    return held.size() > share ? release(connection, share) : take(connection, share);
                });
    }

    private Future<?> join(SqlConnection connection) {
        if (member) {
            return Future.succeededFuture();
        }
        return connection.query(JOIN).execute().onSuccess(v -> member = true);
    }

    private static final String TAKE = """
            SELECT shard FROM unnest($1::int[]) AS shard
            WHERE pg_try_advisory_lock(hashtext('scaiwave.audit'), shard) LIMIT $2
            """;

    private Future<Void> take(SqlConnection connection, int share) {
        if (held.size() == share) {
            return Future.succeededFuture();
        }
        Integer[] free = IntStream.range(0, COUNT)
                .filter(shard -> !held.contains(shard))
                .boxed()
                .toArray(Integer[]::new);
        return connection
                .preparedQuery(TAKE)
                .execute(Tuple.tuple().addArrayOfInteger(free).addValue((long) share - held.size()))
                .onSuccess(rows -> {
                    if (held.addAll(Rows.all(rows, row -> row.getInteger("shard")))) {
                        listener.taken.run();
                    }
                })
                .mapEmpty();
    }

    private static final String RELEASE =
            "SELECT pg_advisory_unlock(hashtext('scaiwave.audit'), shard) FROM unnest($1::int[]) AS shard";

    /** Nothing is being appended meanwhile: who asks for the session waits for this. */
    private Future<Void> release(SqlConnection connection, int share) {
        List<Integer> surplus = held.stream().skip(share).toList();
        held.removeAll(surplus);
        return connection
                .preparedQuery(RELEASE)
                .execute(Tuple.tuple().addArrayOfInteger(surplus.toArray(Integer[]::new)))
                .mapEmpty();
    }

    /** When the session does not answer. */
    void abandon() {
        session.abandon();
    }

    Future<Void> close() {
        return session.close();
    }
}
