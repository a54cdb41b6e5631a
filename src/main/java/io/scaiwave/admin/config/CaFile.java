package io.scaiwave.admin.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** The file of {@code outbound.caFile}: certificates of authorities, in PEM. */
final class CaFile {
    static final String SETTING = "outbound.caFile";

    private CaFile() {}

    /** @throws InvalidSetting when there is no such file, or no certificate in it */
    static List<X509Certificate> read(String file) {
        try (InputStream pem = Files.newInputStream(Path.of(file))) {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
        } catch (IOException | CertificateException | InvalidPathException e) {
            // falls through: it is not usable, and its content is nobody's business
        }
        throw new InvalidSetting(SETTING, "must name a readable PEM file of certificates");
    }
}
