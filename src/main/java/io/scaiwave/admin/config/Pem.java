package io.scaiwave.admin.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** The PEM files that settings name. Who asks says what is wrong with one, in the words of the setting, and never quotes the file. */
public final class Pem {
    private static final int BYTES_MAX = 1 << 20;

    private Pem() {}

    /** What the file holds; nothing when it cannot be read, or is larger than 1 MiB. */
    public static byte[] content(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            return bytes.length <= BYTES_MAX ? bytes : new byte[0];
        } catch (IOException | IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** The certificates in it, in their order; none when there are none, or one cannot be read. */
    public static List<X509Certificate> certificates(byte[] pem) {
        try {
            return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            return List.of();
        }
    }
}
