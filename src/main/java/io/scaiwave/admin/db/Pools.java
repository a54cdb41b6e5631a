package io.scaiwave.admin.db;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.PostgresUrl;
import io.scaiwave.admin.work.LoopLocal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.ClientBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to PostgreSQL, by what they are for. None waits for ever: a server that has gone without a word is given up
 * when nothing has come from it for longer than any statement may take. Limits are set once a connection is there, because a
 * pooler in between refuses them as startup parameters.
 */
record Pools(LoopLocal<SqlClient> reads, Pool queries, LoopLocal<Pool> writes, LoopLocal<Pool> groups, Pool sessions) {
    private static final Logger LOG = LoggerFactory.getLogger(Pools.class);
    private static final int STATEMENTS_CACHED = 256;

    static Pools open(Vertx vertx, Config.Db config) {
        Maker maker = new Maker(new SilenceLimit(vertx, config), config, LoopLocal.loops(vertx));
        Map<String, Object> limits = Map.of("statement_timeout", config.statementTimeoutMs());
        return new Pools(
                new LoopLocal<>(
                        vertx, () -> maker.local(PgBuilder.client(), "reads", config.readConnections(), limits)),
                maker.shared(
                        "queries",
                        config.queries().connections(),
                        Map.of("statement_timeout", config.queries().timeoutMs())),
                new LoopLocal<>(
                        vertx,
                        () -> maker.local(
                                PgBuilder.pool(),
                                "writes",
                                config.writeConnections(),
                                changing(config, config.changes().lockTimeoutMs()))),
                new LoopLocal<>(
                        vertx,
                        () -> maker.local(
                                PgBuilder.pool(),
                                "groups",
                                config.groups().connections(),
                                changing(config, config.groups().lockTimeoutMs()))),
                maker.shared("sessions", config.sessionConnections(), leased(config)));
    }

    /** So many of them all has each event loop. */
    static int ofLoop(int ofAll, int loops) {
        return Math.max(1, ofAll / loops);
    }

    /** What is locked for long is answered with 503 and not waited for. */
    private static Map<String, Object> changing(Config.Db config, int lockTimeoutMs) {
        return Map.of("statement_timeout", config.statementTimeoutMs(), "lock_timeout", lockTimeoutMs);
    }

    /**
     * PostgreSQL ends such a session when it is silent for the lease's time, in a transaction or not. It is for the server's own work,
     * and no caller's statement runs in it.
     */
    private static Map<String, Object> leased(Config.Db config) {
        return Map.of(
                "scaiwave.scope", Scope.ALL.name(),
                "statement_timeout", config.statementTimeoutMs(),
                "idle_session_timeout", config.leaseMs(),
                "idle_in_transaction_session_timeout", config.leaseMs());
    }

    private record Maker(Vertx vertx, Config.Db config, int loops) {
        /** For one event loop, on which its connections live: its part of them all. */
        <C> C local(ClientBuilder<C> builder, String name, int ofAll, Map<String, Object> limits) {
            PoolOptions pool = pool(name, ofLoop(ofAll, loops));
            return built(builder, pool.setEventLoopSize(0), limits);
        }

        /** For all event loops: few connections, and work that takes longer than the way there. */
        Pool shared(String name, int connections, Map<String, Object> limits) {
            return built(PgBuilder.pool(), pool(name, connections).setEventLoopSize(loops), limits);
        }

        private <C> C built(ClientBuilder<C> builder, PoolOptions pool, Map<String, Object> limits) {
            PostgresUrl url = PostgresUrl.parse("db.url", config.url());
            Primary primary = new Primary(vertx, url, server(url, pool.getName()));
            String settings = limitsSql(limits);
            return builder.with(pool)
                    .connectingTo(primary::find)
                    .withConnectHandler(connection -> prepare(connection, settings))
                    .using(vertx)
                    .build();
        }

        private PoolOptions pool(String name, int connections) {
            return new PoolOptions()
                    .setName(name)
                    .setMaxSize(connections)
                    .setMaxWaitQueueSize(config.waitQueueMax())
                    .setConnectionTimeout(config.connectTimeoutMs())
                    .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setMaxLifetime(config.connectionAgeMs())
                    .setMaxLifetimeUnit(TimeUnit.MILLISECONDS);
        }
    }

    /** @param name what the connections are for, as PostgreSQL shows it */
    static PgConnectOptions server(PostgresUrl url, String name) {
        PgConnectOptions server = new PgConnectOptions()
                .setUser(url.user())
                .setPassword(url.password())
                .setDatabase(url.database())
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(STATEMENTS_CACHED)
                .setPreparedStatementCacheSqlFilter(sql -> true)
                .addProperty("application_name", "scaiwave-admin " + name);
        url.tls().applyTo(server);
        return server;
    }

    private static String limitsSql(Map<String, Object> limits) {
        return new TreeMap<>(limits)
                .entrySet().stream()
                        .map(limit -> "set_config('%s', '%s', false)".formatted(limit.getKey(), limit.getValue()))
                        .collect(Collectors.joining(", ", "SELECT ", ""));
    }

    /** Closing hands it over to the pool; one that could not be prepared is ended, and the pool finds that out. */
    private static void prepare(SqlConnection connection, String settings) {
        connection
                .query(settings)
                .execute()
                .recover(e -> {
                    LOG.warn("a new connection to PostgreSQL cannot be used: {}", e.toString());
                    return ended(connection);
                })
                .onComplete(done -> connection.close());
    }

    private static final String END = "SELECT pg_terminate_backend(pg_backend_pid())";

    private static <T> Future<T> ended(SqlConnection connection) {
        return connection.query(END).execute().mapEmpty();
    }

    /** Those who hold locks must not go on holding them on a server that takes no writes; requests may end first. */
    void closeLater(Vertx vertx, long patienceMs) {
        sessions.close();
        vertx.setTimer(patienceMs, timer -> close());
    }

    Future<Void> close() {
        Stream<SqlClient> ofLoops = Stream.of(reads, writes, groups).flatMap(each -> each.all().stream());
        return Future.join(Stream.concat(Stream.of(queries, sessions), ofLoops)
                        .map(SqlClient::close)
                        .toList())
                .mapEmpty();
    }
}
