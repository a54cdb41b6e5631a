package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.config.ConfigLoader;
import io.scaiwave.admin.json.Json;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs a verb in this process, and keeps what it says. */
record Verb(int status, String out, String err) {

    static Verb run(Map<String, String> environment, String... arguments) {
        return reading("", environment, arguments);
    }

    static Verb reading(String in, Map<String, String> environment, String... arguments) {
        return reading(in, new ConfigLoader(environment), arguments);
    }

    static Verb reading(String in, ConfigLoader settings, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = new Console(
                settings,
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out),
                new PrintWriter(err),
                () -> false);
        int status = Cli.run(arguments, console);
        return new Verb(status, out.toString(), err.toString());
    }

    /** Those lines, as standard input. */
    static Verb verify(List<String> lines, String... options) {
        String[] arguments = new String[options.length + 3];
        System.arraycopy(new String[] {"verify", "--file", "-"}, 0, arguments, 0, 3);
        System.arraycopy(options, 0, arguments, 3, options.length);
        return reading(String.join("\n", lines) + "\n", Map.of(), arguments);
    }

    List<String> lines() {
        return out.lines().toList();
    }

    /** What it says to programs. */
    JsonNode json() {
        try {
            return Json.MAPPER.readTree(out);
        } catch (JsonProcessingException e) {
            throw new AssertionError(out + err, e);
        }
    }

    /** The trail is not whole, and what is said of its first bad entry begins so. */
    void expectFault(String beginning) {
        assertThat(status).as(out + err).isEqualTo(1);
        assertThat(lines().get(0)).isEqualTo("NOT WHOLE");
        assertThat(lines().get(1)).startsWith(beginning);
    }

    void expectWhole() {
        assertThat(status).as(out + err).isZero();
        assertThat(lines().get(0)).isEqualTo("whole");
    }
}
