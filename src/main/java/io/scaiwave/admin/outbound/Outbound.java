package io.scaiwave.admin.outbound;

import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Makes the clients of other services, all of which trust the JVM's authorities and the operator's. */
public final class Outbound {
    private final Vertx vertx;
    private final @Nullable TrustOptions trust;

    /** @param authorities besides the JVM's */
    public Outbound(Vertx vertx, List<X509Certificate> authorities) {
        this.vertx = vertx;
        this.trust = authorities.isEmpty() ? null : trust(authorities);
    }

    public Vertx vertx() {
        return vertx;
    }

    public BoundedHttp http(BoundedHttp.Limits limits) {
        return new BoundedHttp(vertx, limits, trust);
    }

    /** The JVM's are named too: a store of one's own would replace them. */
    static TrustOptions trust(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate authority : manager(null).getAcceptedIssuers()) {
                store.setCertificateEntry("jvm-" + number++, authority);
            }
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry("file-" + number++, authority);
            }
            return TrustOptions.wrap(manager(store));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the authorities cannot be put together", e);
        }
    }

    /** @param store null: the JVM's */
    private static X509TrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no trust manager for X.509");
    }
}
