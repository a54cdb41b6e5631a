package io.scaiwave.admin.config;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Whether and how connections to PostgreSQL are encrypted, in libpq's words. All files are PEM.
 *
 * @param mode disable, require (encrypted, with whomever), verify-ca (a certificate of that CA) or verify-full (and of that host)
 * @param rootCert the CA's certificates; empty for none
 * @param cert this client's certificate; empty for none
 * @param key its private key, PKCS #8 without a password; empty for none
 */
public record PostgresTls(String mode, String rootCert, String cert, String key) {
    static final Set<String> PARAMETERS = Set.of("sslmode", "sslrootcert", "sslcert", "sslkey");

    private static final Set<String> MODES = Set.of("disable", "require", "verify-ca", "verify-full");
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";

    /** @throws InvalidSetting when they do not belong together, or a file cannot be read */
    static PostgresTls of(String setting, Map<String, String> parameters) {
        String rootCert = parameters.getOrDefault("sslrootcert", "");
        String mode = parameters.getOrDefault("sslmode", "disable");
        String cert = parameters.getOrDefault("sslcert", "");
        String key = parameters.getOrDefault("sslkey", "");
        require(setting, MODES.contains(mode), "sslmode must be disable, require, verify-ca or verify-full");
        boolean plain = mode.equals("disable");
        require(
                setting,
                !plain || (rootCert + cert + key).isEmpty(),
                "sslmode=require or more must stand beside certificates");
        require(
                setting,
                !mode.startsWith("verify") || !rootCert.isEmpty(),
                "sslrootcert must stand beside sslmode=" + mode);
        require(setting, cert.isEmpty() == key.isEmpty(), "sslcert and sslkey need one another");
        readable(setting, "sslrootcert", rootCert);
        readable(setting, "sslcert", cert);
        require(
                setting,
                key.isEmpty() || isKey(key),
                "sslkey must name a PEM file with a PKCS #8 private key without a password");
        // As libpq has it: who names a CA wants it to be checked.
        boolean checked = mode.equals("require") && !rootCert.isEmpty();
        return new PostgresTls(checked ? "verify-ca" : mode, rootCert, cert, key);
    }

    private static void require(String setting, boolean condition, String problem) {
        if (!condition) {
            throw new InvalidSetting(setting, "is not usable: " + problem);
        }
    }

    private static void readable(String setting, String parameter, String file) {
        require(
                setting,
                file.isEmpty() || !Pem.certificates(Pem.content(file)).isEmpty(),
                parameter + " must name a readable PEM file of certificates");
    }

    private static boolean isKey(String file) {
        return new String(Pem.content(file), StandardCharsets.ISO_8859_1).contains(KEY_BEGIN);
    }

    /** Whether what is sent can be read on the way, or by whoever takes PostgreSQL's place. */
    public boolean unchecked() {
        return !mode.startsWith("verify");
    }

    /** For the client of the server. */
    public void applyTo(PgConnectOptions options) {
        options.setSslMode(SslMode.valueOf(mode.toUpperCase(Locale.ROOT).replace('-', '_')));
        if (mode.equals("disable")) {
            return;
        }
        ClientSSLOptions tls = new ClientSSLOptions().setTrustAll(unchecked()).setHostnameVerificationAlgorithm("");
        if (mode.equals("verify-full")) {
            tls.setHostnameVerificationAlgorithm("HTTPS");
        }
        if (!rootCert.isEmpty()) {
            tls.setTrustOptions(new PemTrustOptions().addCertPath(rootCert));
        }
        if (!cert.isEmpty()) {
            tls.setKeyCertOptions(new PemKeyCertOptions().addCertPath(cert).addKeyPath(key));
        }
        options.setSslOptions(tls);
    }

    /** For JDBC: the parameters of its URL. */
    Map<String, String> jdbc() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("sslmode", mode);
        if (!rootCert.isEmpty()) {
            parameters.put("sslrootcert", rootCert);
        }
        if (!cert.isEmpty()) {
            parameters.put("sslcert", cert);
            parameters.put("sslkey", key);
        }
        return parameters;
    }
}
