package io.scaiwave.admin.auth;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.outbound.Outbound;
import io.scaiwave.admin.text.Texts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that ScaiKey has published, one set for the process, whatever its event loops: fetched at the start, now and then, and
 * when a token was signed with none of them. Thread-safe.
 */
final class PublishedKeys {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedKeys.class);

    /** While there is no key at all, no request is served. */
    private static final long NO_KEYS_MS = 1_000;

    private final Vertx vertx;
    private final Config.ScaiKey config;
    private final Jwks jwks;
    private final Counter failures;

    /** Another list when other keys were published, and only then. */
    private volatile List<VerifyingKey> current = List.of();

    private List<String> leftOut = List.of();
    private boolean failing;
    private @Nullable Future<Void> fetching;
    private long coolFromNanos = System.nanoTime();

    PublishedKeys(Outbound outbound, Config.ScaiKey config, MeterRegistry meters) {
        this.vertx = outbound.vertx();
        this.config = config;
        this.jwks = new Jwks(outbound, config);
        this.failures = Counter.builder("scaikey.refresh.failures")
                .description("Times that ScaiKey's signing keys could not be fetched")
                .register(meters);
        Gauge.builder("scaikey.keys", this, keys -> keys.current.size())
                .description("Signing keys of ScaiKey in use")
                .register(meters);
    }

    /** Empty until ScaiKey has answered for the first time, and when it has withdrawn all. */
    List<VerifyingKey> current() {
        return current;
    }

    /** Fetches the keys, and keeps fetching them. Completes after the first time, whatever came of it. */
    Future<Void> keepFetching() {
        return fetch().onComplete(done -> vertx.setTimer(pauseMs(done.succeeded()), timer -> keepFetching()))
                .otherwiseEmpty();
    }

    private long pauseMs(boolean fetched) {
        if (fetched && !current.isEmpty()) {
            return config.refreshMs();
        }
        long again = Math.min(config.cooldownMs(), config.refreshMs());
        return current.isEmpty() ? Math.min(NO_KEYS_MS, again) : again;
    }

    /** Fetches them unless that was asked for just before; never fails. Completes on whichever thread. */
    synchronized Future<Void> refresh() {
        if (fetching != null) {
            return fetching.otherwiseEmpty();
        }
        long now = System.nanoTime();
        if (now - coolFromNanos < 0) {
            return Future.succeededFuture();
        }
        coolFromNanos = now + TimeUnit.MILLISECONDS.toNanos(config.cooldownMs());
        return fetch().otherwiseEmpty();
    }

    private synchronized Future<Void> fetch() {
        if (fetching != null) {
            return fetching;
        }
        Future<Void> begun = jwks.fetch().onComplete(this::found, this::failed).mapEmpty();
        fetching = begun;
        begun.onComplete(done -> ended());
        return begun;
    }

    private synchronized void ended() {
        fetching = null;
    }

    private synchronized void found(Jwks.Found found) {
        if (failing) {
            failing = false;
            LOG.info("fetching the keys from {} recovered", config.jwksUrl());
        }
        if (!found.leftOut().equals(leftOut)) {
            leftOut = found.leftOut();
            LOG.warn("left out of the keys of {}: {}", config.jwksUrl(), leftOut);
        }
        if (!found.keys().equals(current)) {
            if (found.keys().isEmpty()) {
                LOG.warn("{} has no usable key any more: no token is taken until it has", config.jwksUrl());
            }
            current = found.keys();
        }
    }

    private synchronized void failed(Throwable e) {
        failures.increment();
        if (!failing) {
            failing = true;
            LOG.warn("fetching the keys from {} failed, retrying: {}", config.jwksUrl(), Texts.logged(e));
        }
    }
}
