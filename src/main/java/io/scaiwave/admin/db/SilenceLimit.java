package io.scaiwave.admin.db;

import io.scaiwave.admin.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * What the client of PostgreSQL is given as its Vert.x, so that its connections have an end when an answer does not come. By itself
 * it answers a connection that is idle by taking leave, and waits for the server's reply: with a server that is silent, for ever, and
 * the connection's place in the pool is never free again.
 */
final class SilenceLimit extends VertxWrapper {
    private final NetClientOptions transport;
    private final long silenceMs;

    /** Statements end on the server first; the limit is for a server that does not answer at all. */
    SilenceLimit(Vertx vertx, Config.Db config) {
        super((VertxInternal) vertx);
        this.transport = new NetClientOptions()
                .setConnectTimeout(config.connectTimeoutMs())
                .setTcpKeepAlive(true);
        long longestMs = Math.max(config.statementTimeoutMs(), config.queries().timeoutMs());
        this.silenceMs = longestMs + config.leaseMs();
    }

    @Override
    public NetClient createNetClient(NetClientOptions unlimited) {
        return new Client(delegate.createNetClient(transport), transport.getConnectTimeout(), silenceMs);
    }

    private record Client(NetClient client, long connectMs, long silenceMs) implements NetClient {
        @Override
        public Future<NetSocket> connect(ConnectOptions options) {
            return client.connect(options).map(this::limited);
        }

        private NetSocket limited(NetSocket socket) {
            // Nearer to the wire than the client's own handler, which would make a leave-taking of the end.
            ((NetSocketInternal) socket)
                    .channelHandlerContext()
                    .pipeline()
                    .addBefore("handler", "silence", new Silence(connectMs, silenceMs));
            return socket;
        }

        @Override
        public Future<NetSocket> connect(int port, String host) {
            return connect(SocketAddress.inetSocketAddress(port, host));
        }

        @Override
        public Future<NetSocket> connect(int port, String host, String serverName) {
            return connect(SocketAddress.inetSocketAddress(port, host), serverName);
        }

        @Override
        public Future<NetSocket> connect(SocketAddress address) {
            return connect(new ConnectOptions().setRemoteAddress(address));
        }

        @Override
        public Future<NetSocket> connect(SocketAddress address, String serverName) {
            return connect(new ConnectOptions().setRemoteAddress(address).setSniServerName(serverName));
        }

        @Override
        public Future<Void> shutdown(long timeout, TimeUnit unit) {
            return client.shutdown(timeout, unit);
        }

        @Override
        public Future<Boolean> updateSSLOptions(ClientSSLOptions options, boolean force) {
            return client.updateSSLOptions(options, force);
        }
    }
}
