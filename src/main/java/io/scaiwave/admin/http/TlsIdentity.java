package io.scaiwave.admin.http;

import io.scaiwave.admin.config.Config;
import io.scaiwave.admin.config.InvalidSetting;
import io.scaiwave.admin.config.Pem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.X509KeyManager;

/** A server's certificate and its key as they stood in their files, known to belong together. No record: it would print the key. */
final class TlsIdentity {
    private static final String CERT_FILE = "http.tls.certFile";
    private static final String KEY_FILE = "http.tls.keyFile";
    private static final byte[] SIGNED = {1};

    private final Buffer chain;
    private final Buffer key;
    private final X509Certificate certificate;

    private TlsIdentity(Buffer chain, Buffer key) {
        this.chain = chain;
        this.key = key;
        this.certificate = first(chain);
    }

    /**
     * Blocking.
     *
     * @throws InvalidSetting when a file cannot be used, in a sentence that names its setting
     */
    static TlsIdentity read(Config.Http.Tls files, Vertx vertx) {
        TlsIdentity read = new TlsIdentity(content(CERT_FILE, files.certFile()), content(KEY_FILE, files.keyFile()));
        read.requirePair(vertx);
        return read;
    }

    Instant expires() {
        return certificate.getNotAfter().toInstant();
    }

    boolean isSameAs(TlsIdentity other) {
        return chain.equals(other.chain) && key.equals(other.key);
    }

    PemKeyCertOptions options() {
        return new PemKeyCertOptions().addCertValue(chain).addKeyValue(key);
    }

    private static Buffer content(String setting, String file) {
        byte[] bytes = Pem.content(file);
        if (bytes.length == 0) {
            throw new InvalidSetting(setting, "names no readable file of at most 1 MiB");
        }
        return Buffer.buffer(bytes);
    }

    private static X509Certificate first(Buffer chain) {
        return Pem.certificates(chain.getBytes()).stream()
                .findFirst()
                .orElseThrow(() -> new InvalidSetting(CERT_FILE, "names no PEM file of certificates"));
    }

    /** Files that are written one after the other do not belong together for a while, and would serve nobody. */
    private void requirePair(Vertx vertx) {
        PrivateKey secret = secret(vertx);
        String algorithm = secret.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        boolean pair;
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(secret);
            signing.update(SIGNED);
            Signature checking = Signature.getInstance(algorithm);
            checking.initVerify(certificate.getPublicKey());
            checking.update(SIGNED);
            pair = checking.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            pair = false;
        }
        if (!pair) {
            throw new InvalidSetting(KEY_FILE, "names another key than that of the certificate");
        }
    }

    private PrivateKey secret(Vertx vertx) {
        try {
            X509KeyManager keys =
                    (X509KeyManager) options().getKeyManagerFactory(vertx).getKeyManagers()[0];
            String[] aliases = keys.getServerAliases(certificate.getPublicKey().getAlgorithm(), null);
            return keys.getPrivateKey(aliases[0]);
        } catch (Exception e) { // whatever the parser throws for what is no PEM; its message may quote the file
            throw new InvalidSetting(KEY_FILE, "names no PEM file of a private RSA or EC key without a password");
        }
    }
}
