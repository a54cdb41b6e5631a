package io.scaiwave.admin.db;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Changes that come at one moment are committed as one: PostgreSQL then flushes once for all of them. A group is what has come while the
 * groups before it were under way, so that a change at a quiet time goes at once. A group in which one fails has changed nothing; each of
 * it is then made alone, so that an error is the affair of its own change, and its owner's next changes stay out of groups for a while.
 */
final class GroupCommit {
    /** One statement that does nothing but for its owner, of whom no two groups change something at a time. */
    record Change(String owner, String sql, Tuple parameters) {}

    private static final class Waiting {
        private final Change change;
        private final Promise<RowSet<Row>> done = Promise.promise();

        Waiting(Change change) {
            this.change = change;
        }
    }

    private static final long SUSPECTED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FAILED_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int APART_MAX = 1_000;
    private static final int SHARES = 4;

    private final Supplier<Pool> pool;
    private final int atOnce;
    private final int sizeMax;
    private final Function<Change, Future<RowSet<Row>>> alone;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Set<String> underWay = new HashSet<>();
    private int groups;

    /** Until when an owner's changes are made alone. */
    private final Map<String, Long> apart = new LinkedHashMap<>();

    /**
     * @param pool for groups alone, with short patience for locks
     * @param atOnce how many groups may be under way, each on a connection of the pool
     * @param alone makes a change by itself
     */
    GroupCommit(Supplier<Pool> pool, int atOnce, int sizeMax, Function<Change, Future<RowSet<Row>>> alone) {
        this.pool = pool;
        this.atOnce = atOnce;
        this.sizeMax = sizeMax;
        this.alone = alone;
    }

    /** Completes when the change is committed. */
    Future<RowSet<Row>> add(Change change) {
        if (isApart(change.owner)) {
            return alone(change);
        }
        Waiting added = new Waiting(change);
        synchronized (this) {
            waiting.add(added);
        }
        next();
        return added.done.future();
    }

    private synchronized boolean isApart(String owner) {
        Long until = apart.get(owner);
        if (until != null && System.nanoTime() - until >= 0) {
            apart.remove(owner);
            return false;
        }
        return until != null;
    }

    private synchronized void setApart(String owner, long nanos) {
        if (apart.size() >= APART_MAX) {
            apart.remove(apart.keySet().iterator().next());
        }
        apart.merge(owner, System.nanoTime() + nanos, Math::max);
    }

    /** What PostgreSQL refuses would fail a group; that there was no turn or no connection says nothing of the change. */
    private Future<RowSet<Row>> alone(Change change) {
        return alone.apply(change).onFailure(e -> {
            if (changedNothing(e)) {
                setApart(change.owner, FAILED_NANOS);
            }
        });
    }

    private void next() {
        for (List<Waiting> group = take(); !group.isEmpty(); group = take()) {
            send(group);
        }
    }

    /**
     * The oldest with the same statement whose owners are in no group; few of one owner where there are others, whom large changes would
     * hold up. Their order is that in which all groups lock rows.
     */
    private synchronized List<Waiting> take() {
        Waiting first = groups < atOnce ? eligible().findFirst().orElse(null) : null;
        if (first == null) {
            return List.of();
        }
        List<Waiting> same = eligible()
                .filter(each -> each.change.sql.equals(first.change.sql))
                .toList();
        boolean shared = same.stream().anyMatch(each -> !each.change.owner.equals(first.change.owner));
        int ofOneMax = shared ? Math.max(1, sizeMax / SHARES) : sizeMax;
        Map<String, Integer> ofEach = new HashMap<>();
        List<Waiting> group = same.stream()
                .filter(each -> ofEach.merge(each.change.owner, 1, Integer::sum) <= ofOneMax)
                .limit(sizeMax)
                .sorted(Comparator.comparing(each -> each.change.owner))
                .toList();
        waiting.removeAll(new HashSet<>(group));
        groups++;
        underWay.addAll(ofEach.keySet());
        return group;
    }

    private Stream<Waiting> eligible() {
        return waiting.stream().filter(each -> !underWay.contains(each.change.owner));
    }

    private void send(List<Waiting> group) {
        String sql = group.get(0).change.sql;
        List<Tuple> parameters =
                group.stream().map(each -> each.change.parameters).toList();
        // Sent with one Sync at its end: to PostgreSQL that is one transaction. Whatever is thrown on the way ends the
        // group, too.
        Future<RowSet<Row>> sent = Future.succeededFuture()
                .compose(v -> pool.get().preparedQuery(sql).executeBatch(parameters));
        sent.onComplete(done -> {
            ended(group);
            if (done.succeeded()) {
                committed(group, done.result());
            } else {
                failed(group, done.cause());
            }
            next();
        });
    }

    private synchronized void ended(List<Waiting> group) {
        groups--;
        group.forEach(each -> underWay.remove(each.change.owner));
    }

    private static void committed(List<Waiting> group, RowSet<Row> first) {
        RowSet<Row> rows = first;
        for (Waiting each : group) {
            each.done.complete(rows);
            rows = rows.next();
        }
    }

    private void failed(List<Waiting> group, Throwable e) {
        boolean itsOwn = group.size() == 1 && !DatabaseFaults.locked(e);
        if (itsOwn || !changedNothing(e)) {
            group.forEach(each -> each.done.fail(e));
            return;
        }
        for (Waiting each : group) {
            setApart(each.change.owner, SUSPECTED_NANOS);
            alone(each.change).onComplete(each.done);
        }
    }

    /** Whether PostgreSQL has said that it did not commit, and goes on. When a connection is lost nobody knows. */
    private static boolean changedNothing(Throwable e) {
        return e instanceof PgException pg && "ERROR".equals(pg.getSeverity());
    }
}
