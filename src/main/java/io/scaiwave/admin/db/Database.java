package io.scaiwave.admin.db;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.work.LoopLocal;
import io.scaiwave.admin.work.Turns;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL, as pools: short reads are pipelined; durable changes are not, because on one connection commits queue behind one
 * another's flush to disk; and queries, which may take long, take turns on a few connections. So do changes, account by account. Whatever fails here fails as
 * {@link DatabaseFaults} translates it. When the server turns out to take no writes any more, because another has taken its
 * place, all connections are made anew.
 */
public final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final long RENEWAL_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long CLOSE_MS = 3_000;

    private final Vertx vertx;
    private final Config.Db config;
    private final Turns queries;
    private final Turns changes;
    private final Turns grouped;
    private final LoopLocal<GroupCommit> groups;
    private final WriteHealth writeHealth = new WriteHealth();
    private volatile Pools pools;
    private long renewedAt = System.nanoTime() - RENEWAL_PAUSE_NANOS;

    public Database(Vertx vertx, Config.Db config) {
        this.vertx = vertx;
        this.config = config;
        this.queries = new Turns(vertx, limits(config.queries()));
        this.changes = new Turns(
                vertx,
                limits(
                        config.changes(),
                        config.writeConnections(),
                        config.changes().ofOneMax()));
        int ofGroup = config.groups().changesMax();
        this.grouped = new Turns(
                vertx, limits(config.changes(), ofGroup * config.groups().connections(), ofGroup));
        this.groups = new LoopLocal<>(
                vertx, () -> groups(Pools.ofLoop(config.groups().connections(), LoopLocal.loops(vertx)), ofGroup));
        this.pools = Pools.open(vertx, config);
    }

    private static Turns.Limits limits(Config.Queries of) {
        return new Turns.Limits(
                "queries", of.connections(), of.ofOneMax(), of.waitingOfOneMax(), of.waitingMax(), of.waitMs());
    }

    private static Turns.Limits limits(Config.Changes of, int runningMax, int ofOneMax) {
        return new Turns.Limits("changes", runningMax, ofOneMax, of.waitingOfOneMax(), of.waitingMax(), of.waitMs());
    }

    private GroupCommit groups(int atOnce, int sizeMax) {
        return new GroupCommit(
                () -> pools.groups().get(),
                atOnce,
                sizeMax,
                change -> changes.take(
                        change.owner(),
                        () -> pools.writes().get().preparedQuery(change.sql()).execute(change.parameters())));
    }

    public Future<RowSet<Row>> read(Scope scope, String sql, Tuple parameters) {
        return pools.reads()
                .get()
                .preparedQuery(Scope.reading(sql, parameters.size()))
                .execute(scope.after(parameters))
                .recover(this::translated);
    }

    /**
     * A read that may take long: of lists, filters and exports. So many run at a time, and fewer of one account, on connections of
     * their own, so that they stall neither one another nor the short reads.
     *
     * @param account whose it is, see {@link Caller#account}
     */
    public Future<RowSet<Row>> query(Scope scope, String account, String sql, Tuple parameters) {
        String scoped = Scope.reading(sql, parameters.size());
        return queries.take(account, () -> pools.queries().preparedQuery(scoped).execute(scope.after(parameters)))
                .recover(this::translated);
    }

    /** One statement that changes data outside the audit trail and returns nothing, such as a copy of the catalog. */
    public Future<RowSet<Row>> write(Scope scope, String sql, Tuple parameters) {
        return written(pools.writes()
                .get()
                .preparedQuery(Scope.changing(sql, parameters.size()))
                .execute(scope.after(parameters)));
    }

    /** A call of one of the functions that the owner has made for this server, which know their scope themselves. */
    public Future<RowSet<Row>> call(String sql, Tuple parameters) {
        return written(pools.writes().get().preparedQuery(sql).execute(parameters));
    }

    /** A read of the server's own that is large: it holds up no short one. */
    public Future<RowSet<Row>> readMuch(String sql, Tuple parameters) {
        return call(Scope.reading(sql, parameters.size()), Scope.ALL.after(parameters));
    }

    /**
     * Runs the work on a connection of its own, on behalf of an account, which has no more than its share of the connections: the
     * others' changes go on. A transaction and the scope are the work's own affair.
     */
    public <T> Future<T> connected(String account, Function<SqlConnection, Future<T>> work) {
        return written(changes.take(account, () -> pools.writes().get().withConnection(work)));
    }

    /**
     * Makes a change of what belongs to the owner alone, who is the account too: committed together with those of others that come at the
     * same moment, and apart from them where it fails. One statement, which enters its scope itself.
     */
    public Future<RowSet<Row>> together(String owner, String sql, Tuple parameters) {
        return written(grouped.take(owner, () -> groups.get().add(new GroupCommit.Change(owner, sql, parameters))));
    }

    /** In one transaction, which is in a scope as a whole, on behalf of an account. */
    public <T> Future<T> transaction(Scope scope, String account, Function<SqlConnection, Future<T>> work) {
        return written(changes.take(account, () -> pools.writes().get().withTransaction(connection -> {
            // Sent together with the first statement of the work. If it fails, so does the transaction.
            Future<?> entered = connection.preparedQuery(ENTER).execute(scope.after(Tuple.tuple()));
            Future<T> done = work.apply(connection);
            return entered.compose(v -> done);
        })));
    }

    private static final String ENTER = "SELECT set_config('scaiwave.scope', $1, true)";

    private <T> Future<T> written(Future<T> write) {
        return write.onSuccess(v -> writeHealth.succeeded()).recover(e -> {
            noticed(e);
            return DatabaseFaults.translate(e);
        });
    }

    private <T> Future<T> translated(Throwable e) {
        renewWhenReadOnly(e);
        return DatabaseFaults.translate(e);
    }

    /** For who writes on a connection of their own: a write has failed with this. */
    public void noticed(Throwable e) {
        writeHealth.failed(e);
        renewWhenReadOnly(e);
    }

    private void renewWhenReadOnly(Throwable e) {
        if (DatabaseFaults.readOnly(e)) {
            renew();
        }
    }

    private synchronized void renew() {
        long now = System.nanoTime();
        if (now - renewedAt < RENEWAL_PAUSE_NANOS) {
            return;
        }
        renewedAt = now;
        LOG.warn("PostgreSQL takes no writes: it is connected to anew");
        Pools old = pools;
        pools = Pools.open(vertx, config);
        old.closeLater(vertx, config.statementTimeoutMs());
    }

    /** Whether a change would be taken now; fails when PostgreSQL does not answer. */
    public Future<Boolean> takesWrites() {
        return pools.writes()
                .get()
                .query(Writability.SQL)
                .execute()
                .recover(this::translated)
                .map(Writability::of)
                .map(writes -> {
                    if (!writes) {
                        renew();
                    }
                    return writes && writeHealth.good();
                });
    }

    /** A connection for work that must stay in one session, because the session holds an advisory lock; for {@link Session}. */
    Future<SqlConnection> session() {
        return pools.sessions().getConnection().recover(this::translated);
    }

    /** How long a {@link #session} may be silent before PostgreSQL ends it. */
    int leaseMs() {
        return config.leaseMs();
    }

    /** Completes within a few seconds, whatever becomes of the connections. */
    public Future<Void> close() {
        return pools.close().timeout(CLOSE_MS, TimeUnit.MILLISECONDS);
    }
}
