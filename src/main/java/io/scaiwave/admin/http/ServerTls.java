package io.scaiwave.admin.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of a node's API port, where it has one: looked at again and again, so that a new one serves the connections after it.
 * One that cannot be used changes nothing.
 */
public final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");
    private static final int FAILURES_BEFORE_A_WORD = 2; // a look may fall between the writing of two files

    private final Config.Http config;
    private final Vertx vertx;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private volatile @Nullable TlsIdentity identity;
    private boolean looking;
    private int failures;

    private ServerTls(Config.Http config, Vertx vertx) {
        this.config = config;
        this.vertx = vertx;
    }

    /**
     * Reads what the settings name, if they name something; blocking.
     *
     * @throws io.scaiwave.admin.config.InvalidSetting when it cannot be used
     */
    public static ServerTls open(Config.Http config, Vertx vertx, MeterRegistry meters) {
        ServerTls tls = new ServerTls(config, vertx);
        if (config.tls().isAsked()) {
            tls.identity = TlsIdentity.read(config.tls(), vertx);
            tls.watch(meters);
        }
        Gauge.builder("admin.tls.certificate.expiry", tls, ServerTls::expires)
                .description("When the certificate expires, in seconds since 1970; not a number without one")
                .baseUnit("seconds")
                .register(meters);
        return tls;
    }

    /** Makes a server speak HTTPS, where that is asked for. */
    void applyTo(HttpServerOptions options, ConnectionLimits limits) {
        TlsIdentity current = identity;
        if (current != null) {
            options.setSsl(true)
                    .setSslEngineOptions(new CountedTls(limits))
                    .setEnabledSecureTransportProtocols(PROTOCOLS)
                    .setSslHandshakeTimeout(config.connections().headMs())
                    .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setKeyCertOptions(current.options());
        }
    }

    /** Gives this server each new certificate, too. */
    void renew(HttpServer server) {
        servers.add(server);
    }

    private void watch(MeterRegistry meters) {
        Counter failed = Counter.builder("admin.tls.reload.failures")
                .description("Looks at the certificate's files that found something that cannot be used")
                .register(meters);
        vertx.setPeriodic(config.tls().checkMs(), timer -> look(failed));
    }

    private double expires() {
        TlsIdentity current = identity;
        return current == null ? Double.NaN : current.expires().getEpochSecond();
    }

    private void look(Counter failed) {
        if (looking) {
            return;
        }
        looking = true;
        vertx.executeBlocking(() -> TlsIdentity.read(config.tls(), vertx))
                .compose(this::take)
                .onSuccess(v -> failures = 0)
                .onFailure(e -> {
                    failed.increment();
                    failures++;
                    if (failures == FAILURES_BEFORE_A_WORD) {
                        LOG.error("the certificate is not reloaded, the one before stays in use: {}", e.getMessage());
                    }
                })
                .onComplete(done -> looking = false);
    }

    private Future<Void> take(TlsIdentity found) {
        TlsIdentity current = identity;
        if (current != null && found.isSameAs(current)) {
            return Future.succeededFuture();
        }
        ServerSSLOptions options =
                new ServerSSLOptions().setKeyCertOptions(found.options()).setEnabledSecureTransportProtocols(PROTOCOLS);
        return Future.all(servers.stream()
                        .map(server -> server.updateSSLOptions(options))
                        .toList())
                .onSuccess(v -> {
                    identity = found;
                    LOG.info("the certificate is reloaded, it expires on {}", found.expires());
                })
                .mapEmpty();
    }
}
