package io.scaiwave.admin.db;

import io.scaiwave.admin.bus.Caller;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * PostgreSQL, as pools: short reads are pipelined; durable changes are not, because on one connection commits queue behind one
 * another's flush to disk; and queries, which may take long, take turns on a few connections. Whatever fails here fails as {@link DatabaseFaults} translates it.
 */
public final class Database {
    private static final int STATEMENTS_CACHED = 256;
    private static final int SESSIONS = 4;

    private final SqlClient reads;
    private final Pool queries;
    private final Turns turns;
    private final Pool writes;
    private final Pool sessions;
    private final int leaseMs;

    public Database(Vertx vertx, Config.Db config) {
        PgConnectOptions server = PostgresUrl.parse("SCAIWAVE_DB_URL", config.url())
                .options()
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(STATEMENTS_CACHED)
                .setPreparedStatementCacheSqlFilter(sql -> true)
                .addProperty("application_name", "scaiwave-admin")
                .addProperty("statement_timeout", Integer.toString(config.statementTimeoutMs()));
        NetClientOptions transport = new NetClientOptions().setConnectTimeout(config.connectTimeoutMs());
        this.reads = PgBuilder.client()
                .with(pool("reads", config.readConnections(), config))
                .with(transport)
                .connectingTo(server)
                .using(vertx)
                .build();
        this.writes = unpipelined(vertx, server, transport, pool("writes", config.writeConnections(), config));
        this.queries = unpipelined(
                vertx,
                new PgConnectOptions(server)
                        .addProperty("application_name", "scaiwave-admin query")
                        .addProperty(
                                "statement_timeout",
                                Integer.toString(config.queries().timeoutMs())),
                transport,
                pool("queries", config.queries().connections(), config));
        this.turns = new Turns(vertx, config.queries());
        this.leaseMs = config.leaseMs();
        this.sessions =
                unpipelined(vertx, leased(server, leaseMs), guarded(config), pool("sessions", SESSIONS, config));
    }

    /** PostgreSQL ends such a session when it is silent for the lease's time, in a transaction or not. */
    private static PgConnectOptions leased(PgConnectOptions server, int leaseMs) {
        return new PgConnectOptions(server)
                .addProperty("application_name", "scaiwave-admin session")
                .addProperty("idle_session_timeout", Integer.toString(leaseMs))
                .addProperty("idle_in_transaction_session_timeout", Integer.toString(leaseMs));
    }

    /** Ends a connection to a server that has gone without a word, which would otherwise be waited for as long as TCP likes. */
    private static NetClientOptions guarded(Config.Db config) {
        return new NetClientOptions()
                .setConnectTimeout(config.connectTimeoutMs())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setReadIdleTimeout(config.statementTimeoutMs() + config.leaseMs());
    }

    private static Pool unpipelined(
            Vertx vertx, PgConnectOptions server, NetClientOptions transport, PoolOptions options) {
        return PgBuilder.pool()
                .with(options)
                .with(transport)
                .connectingTo(server)
                .using(vertx)
                .build();
    }

    private static PoolOptions pool(String name, int connections, Config.Db config) {
        return new PoolOptions()
                .setName(name)
                .setMaxSize(connections)
                .setEventLoopSize(Math.max(1, Runtime.getRuntime().availableProcessors()))
                .setMaxWaitQueueSize(config.waitQueueMax())
                .setConnectionTimeout(config.connectTimeoutMs())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    public Future<RowSet<Row>> read(String sql, Tuple parameters) {
        return reads.preparedQuery(sql).execute(parameters).recover(DatabaseFaults::translate);
    }

    /**
     * A read that may take long: of lists, filters and exports. So many run at a time, and fewer of one account, on connections of
     * their own, so that they stall neither one another nor the short reads.
     *
     * @param account whose it is, see {@link Caller#account}
     */
    public Future<RowSet<Row>> query(String account, String sql, Tuple parameters) {
        return turns.take(account, () -> queries.preparedQuery(sql).execute(parameters))
                .recover(DatabaseFaults::translate);
    }

    /** One statement that changes data outside the audit trail, such as a copy of the catalog. */
    public Future<RowSet<Row>> write(String sql, Tuple parameters) {
        return writes.preparedQuery(sql).execute(parameters).recover(DatabaseFaults::translate);
    }

    /** Runs the work on a connection of its own; a transaction is the work's own affair. */
    public <T> Future<T> connected(Function<SqlConnection, Future<T>> work) {
        return writes.withConnection(work).recover(DatabaseFaults::translate);
    }

    public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
        return writes.withTransaction(work).recover(DatabaseFaults::translate);
    }

    /** A connection for work that must stay in one session, because the session holds an advisory lock; for {@link Session}. */
    Future<SqlConnection> session() {
        return sessions.getConnection().recover(DatabaseFaults::translate);
    }

    /** How long a {@link #session} may be silent before PostgreSQL ends it. */
    int leaseMs() {
        return leaseMs;
    }

    public Future<Void> close() {
        return Future.join(reads.close(), queries.close(), writes.close(), sessions.close())
                .mapEmpty();
    }
}
