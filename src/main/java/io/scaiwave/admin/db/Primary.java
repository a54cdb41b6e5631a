package io.scaiwave.admin.db;

import io.scaiwave.admin.config.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnectOptions;
import java.io.IOException;
import java.util.List;

/** Which of a cluster's hosts takes writes; asked for each new connection, because that may have changed. */
final class Primary {
    private final Vertx vertx;
    private final List<PgConnectOptions> servers;

    /** @param common what is the same for all hosts */
    Primary(Vertx vertx, PostgresUrl url, PgConnectOptions common) {
        this.vertx = vertx;
        this.servers = url.hosts().stream()
                .map(host -> new PgConnectOptions(common).setHost(host.name()).setPort(host.port()))
                .toList();
    }

    /** Where to connect to. With one host there is nothing to ask. */
    Future<SqlConnectOptions> find() {
        return servers.size() == 1 ? Future.succeededFuture(servers.get(0)) : find(0);
    }

    private Future<SqlConnectOptions> find(int index) {
        if (index == servers.size()) {
            return Future.failedFuture(new IOException("none of the PostgreSQL hosts takes writes"));
        }
        PgConnectOptions server = servers.get(index);
        return takesWrites(server)
                .recover(away -> Future.succeededFuture(false))
                .compose(writes -> {
                    if (writes) {
                        return Future.succeededFuture(server);
                    }
                    return find(index + 1);
                });
    }

    private Future<Boolean> takesWrites(PgConnectOptions server) {
        return PgConnection.connect(vertx, server).compose(connection -> connection
                .query(Writability.SQL)
                .execute()
                .map(Writability::of)
                .onComplete(done -> connection.close()));
    }
}
