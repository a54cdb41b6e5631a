package io.scaiwave.admin.db;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes that come at one moment are committed as one: PostgreSQL then flushes once for all of them. A group is what has come while the
 * groups before it were under way, so that a change at a quiet time goes at once. A group in which one fails has changed nothing; each of
 * it is then made alone, so that an error is the affair of its own change, and its owner's next changes stay out of groups for a while.
 */
final class GroupCommit {
    /** One statement that does nothing but for its owner, of whom no two groups change something at a time. */
    record Change(String owner, String sql, Tuple parameters) {}

    private record Waiting(Change change, Promise<RowSet<Row>> done) {}

    private static final long SUSPECTED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FAILED_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int APART_MAX = 1_000;

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
        Promise<RowSet<Row>> done = Promise.promise();
        synchronized (this) {
            waiting.add(new Waiting(change, done));
        }
        next();
        return done.future();
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
        apart.put(owner, System.nanoTime() + nanos);
    }

    private Future<RowSet<Row>> alone(Change change) {
        return alone.apply(change).onFailure(e -> setApart(change.owner, FAILED_NANOS));
    }

    private void next() {
        for (List<Waiting> group = take(); !group.isEmpty(); group = take()) {
            send(group);
        }
    }

    /** The oldest whose owner is in no group, and all with the same statement. Their order is that in which all groups lock rows. */
    private synchronized List<Waiting> take() {
        List<Waiting> group = new ArrayList<>();
        if (groups >= atOnce) {
            return group;
        }
        String sql = null;
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext() && group.size() < sizeMax; ) {
            Waiting each = all.next();
            if (!underWay.contains(each.change.owner) && isOf(sql, each.change)) {
                sql = each.change.sql;
                group.add(each);
                all.remove();
            }
        }
        if (!group.isEmpty()) {
            groups++;
            group.forEach(each -> underWay.add(each.change.owner));
            group.sort(Comparator.comparing(each -> each.change.owner));
        }
        return group;
    }

    private static boolean isOf(@Nullable String sql, Change change) {
        return sql == null || sql.equals(change.sql);
    }

    private void send(List<Waiting> group) {
        String sql = group.get(0).change.sql;
        List<Tuple> parameters =
                group.stream().map(each -> each.change.parameters).toList();
        // Sent with one Sync at its end: to PostgreSQL that is one transaction.
        pool.get().preparedQuery(sql).executeBatch(parameters).onComplete(done -> {
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
