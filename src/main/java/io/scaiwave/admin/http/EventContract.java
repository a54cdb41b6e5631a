package io.scaiwave.admin.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** asyncapi.yaml as JSON, for the page that shows it. */
final class EventContract {
    private EventContract() {}

    /** Read when it is first asked for, not at the start: that takes some tenths of a second. */
    private static final class Read {
        static final String JSON = read();

        private Read() {}
    }

    static String json() {
        return Read.JSON;
    }

    private static String read() {
        try (InputStream in = EventContract.class.getResourceAsStream("/asyncapi.yaml")) {
            return new ObjectMapper(new YAMLFactory())
                    .readTree(Objects.requireNonNull(in, "asyncapi.yaml is not on the class path"))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
