package io.scaiwave.admin.testing;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority of a test, and what it signs, as PEM files; made by the JDK's keytool. */
public final class Certificates {
    private static final String PASSWORD = "changeit";
    private static final String SUBJECT = "CN=";

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    /** A new authority whose files stand in that folder. */
    public static Certificates in(Path folder) {
        Certificates made = new Certificates(folder);
        made.keytool("ca", "-genkeypair", "-keyalg", "EC", "-dname", SUBJECT + "Test CA", "-ext", "bc:c=ca:true");
        made.pem("ca");
        return made;
    }

    /** The authority's own certificate. */
    public Path authority() {
        return folder.resolve("ca.crt");
    }

    /**
     * A certificate and its key, as NAME.crt and NAME.key.
     *
     * @param commonName of whom it is
     * @param alternative such as {@code ip:127.0.0.1}
     */
    public void issue(String name, String commonName, String alternative) {
        keytool(name, "-genkeypair", "-keyalg", "RSA", "-keysize", "2048", "-dname", SUBJECT + commonName);
        Path request = folder.resolve(name + ".csr");
        Path signed = folder.resolve(name + ".signed");
        keytool(name, "-certreq", "-file", request.toString());
        keytool(
                "ca",
                "-gencert",
                "-infile",
                request.toString(),
                "-outfile",
                signed.toString(),
                "-ext",
                "san=" + alternative);
        Path whole = folder.resolve(name + ".chain");
        keytool("ca", "-exportcert", "-rfc", "-file", whole.toString());
        run(List.of(
                "keytool",
                "-importcert",
                "-noprompt",
                "-alias",
                "authority",
                "-file",
                whole.toString(),
                "-keystore",
                store(name),
                "-storepass",
                PASSWORD));
        keytool(name, "-importcert", "-noprompt", "-file", signed.toString());
        pem(name);
    }

    public Path certificate(String name) {
        return folder.resolve(name + ".crt");
    }

    public Path key(String name) {
        return folder.resolve(name + ".key");
    }

    private String store(String name) {
        return folder.resolve(name + ".p12").toString();
    }

    private void keytool(String name, String verb, String... options) {
        List<String> command = new ArrayList<>(List.of("keytool", verb, "-alias", name, "-keystore", store(name)));
        command.addAll(List.of("-storepass", PASSWORD, "-storetype", "PKCS12"));
        command.addAll(List.of(options));
        run(command);
    }

    private static void run(List<String> command) {
        List<String> all = new ArrayList<>(command);
        all.set(0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        try {
            Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(all + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void pem(String name) {
        try (InputStream in = new FileInputStream(store(name))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            StringBuilder chain = new StringBuilder();
            for (Certificate certificate : store.getCertificateChain(name)) {
                chain.append(block("CERTIFICATE", certificate.getEncoded()));
            }
            Files.writeString(certificate(name), chain);
            Files.writeString(
                    key(name),
                    block(
                            "PRIVATE KEY",
                            store.getKey(name, PASSWORD.toCharArray()).getEncoded()));
            Files.setPosixFilePermissions(key(name), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String block(String label, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(label, lines, label);
    }
}
