package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.scaiwave.admin.Main;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.local.ClassPath;
import io.scaiwave.admin.testing.ChainGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far long work says it is, to a person at a terminal and to a file. */
class ProgressTest {
    private static final String ESCAPE = "\u001B[K";
    private static final long ALWAYS = 0;

    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void onATerminal_isABarInOneLineThatGoesAtTheEnd() {
        try (Progress progress = new Progress(new PrintWriter(err), "entries", true, ALWAYS)) {
            progress.at(7);
            assertThat(err.toString()).startsWith("\r" + ESCAPE + "7 entries, ");
            progress.read(1, 2);
            progress.at(1_234);
            assertThat(err.toString()).contains("[" + "#".repeat(15) + " ".repeat(15) + "] 50 %, 1,234 entries, ");
        }
        assertThat(err.toString()).endsWith("\r" + ESCAPE).doesNotContain("\n");
    }

    @Test
    void elsewhere_isALine() {
        try (Progress progress = new Progress(new PrintWriter(err), "API keys", false, ALWAYS)) {
            progress.read(1, 4);
            progress.at(5);
        }
        assertThat(err.toString()).matches("… 25 %, 5 API keys, [0-9,]+/s\\R");
    }

    @Test
    void aVerbWhoseStandardErrorIsAFile_drawsNothing() throws IOException, InterruptedException {
        ChainGenerator generator = new ChainGenerator(3, 7);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            lines.add(Json.text(generator.next()));
        }
        Path export = Files.write(folder.resolve("export.ndjson"), lines);
        Path errors = folder.resolve("err");
        Process verify = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        ClassPath.current(),
                        Main.class.getName(),
                        "verify",
                        "--file",
                        export.toString())
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .start();
        String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(verify.waitFor()).as(said).isZero();
        assertThat(said).startsWith("whole");
        assertThat(errors).content().isEmpty();
    }
}
