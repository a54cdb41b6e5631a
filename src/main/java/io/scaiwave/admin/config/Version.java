package io.scaiwave.admin.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** What was built: the version, and the commit it was built from, which is {@code unknown} for a build outside of Git. */
public record Version(String version, String commit) {

    /** Of this build. */
    public static Version current() {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(Version.class.getResourceAsStream("/version.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Version(properties.getProperty("version"), properties.getProperty("commit"));
    }

    @Override
    public String toString() {
        return version + " (commit " + commit + ")";
    }
}
