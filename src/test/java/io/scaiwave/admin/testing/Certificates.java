package io.scaiwave.admin.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A certificate authority of a test, and what it signs, as PEM files. */
public final class Certificates {
    private static final String SUBJECT = "CN=";
    private static final String ADDRESS = "ip:";

    private final Path folder;
    private final X509Bundle authority;

    private Certificates(Path folder, X509Bundle authority) {
        this.folder = folder;
        this.authority = authority;
    }

    /** A new authority whose files stand in that folder. */
    public static Certificates in(Path folder) {
        CertificateBuilder builder =
                new CertificateBuilder().ecp256().subject(SUBJECT + "Test CA").setIsCertificateAuthority(true);
        try {
            Certificates made = new Certificates(folder, builder.buildSelfSigned());
            Files.writeString(made.authority(), made.authority.getCertificatePEM());
            return made;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The authority's own certificate. */
    public Path authority() {
        return folder.resolve("ca.crt");
    }

    /**
     * A certificate and its key, as NAME.crt and NAME.key.
     *
     * @param commonName of whom it is
     * @param alternative such as {@code ip:127.0.0.1} or {@code dns:server}
     */
    public void issue(String name, String commonName, String alternative) {
        String alternativeName = alternative.substring(alternative.indexOf(':') + 1);
        CertificateBuilder builder = new CertificateBuilder().rsa2048().subject(SUBJECT + commonName);
        if (alternative.startsWith(ADDRESS)) {
            builder.addSanIpAddress(alternativeName);
        } else {
            builder.addSanDnsName(alternativeName);
        }
        try {
            write(name, builder.buildIssuedBy(authority));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(String name, X509Bundle issued) throws IOException {
        Files.writeString(certificate(name), issued.getCertificatePathPEM() + issued.getRootCertificatePEM());
        Files.writeString(key(name), issued.getPrivateKeyPEM());
        Files.setPosixFilePermissions(key(name), PosixFilePermissions.fromString("rw-------"));
    }

    public Path certificate(String name) {
        return folder.resolve(name + ".crt");
    }

    public Path key(String name) {
        return folder.resolve(name + ".key");
    }
}
