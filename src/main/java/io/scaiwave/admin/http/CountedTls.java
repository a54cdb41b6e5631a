package io.scaiwave.admin.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The JDK's TLS, with each connection counted from its beginning. Vert.x tells of a connection when its handshake is over: without this,
 * there could be any number of those that never end it.
 */
final class CountedTls extends JdkSSLEngineOptions {
    static {
        // Read by the JDK at the first handshake. A client that asks for one after another makes the server sign each
        // time.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private final ConnectionLimits limits;

    CountedTls(ConnectionLimits limits) {
        this.limits = limits;
    }

    @Override
    public CountedTls copy() {
        return new CountedTls(limits);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new Factory(limits);
    }

    private static final class Factory extends DefaultSslContextFactory {
        private final ConnectionLimits limits;

        Factory(ConnectionLimits limits) {
            super(SslProvider.JDK, false);
            this.limits = limits;
        }

        @Override
        public SslContext create() throws SSLException {
            return new Context(super.create(), limits);
        }
    }

    private static final class Context extends DelegatingSslContext {
        private final ConnectionLimits limits;

        Context(SslContext context, ConnectionLimits limits) {
            super(context);
            this.limits = limits;
        }

        @Override
        protected void initEngine(SSLEngine engine) {}

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator allocator, String host, int port, boolean startTls, Executor tasks) {
            return new Handler(newEngine(allocator, host, port), tasks, limits);
        }
    }

    private static final class Handler extends SslHandler {
        private final ConnectionLimits limits;

        Handler(SSLEngine engine, Executor tasks, ConnectionLimits limits) {
            super(engine, tasks);
            this.limits = limits;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // the future of a close that has happened says no more
        public void handlerAdded(ChannelHandlerContext context) throws Exception {
            super.handlerAdded(context);
            InetSocketAddress client = (InetSocketAddress) context.channel().remoteAddress();
            String network = limits.enter(client.getAddress().getHostAddress());
            if (network == null) {
                context.executor().execute(context::close); // once Vert.x has set the connection up
            } else {
                context.channel().closeFuture().addListener(closed -> limits.leave(network));
            }
        }
    }
}
