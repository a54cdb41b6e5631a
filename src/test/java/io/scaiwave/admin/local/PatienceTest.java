package io.scaiwave.admin.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a start of the local platform waits, on a clock that the test moves. */
class PatienceTest {
    @TempDir
    private Path folder;

    private long now;

    private Patience patience() {
        return new Patience("a daemon", folder.resolve("log"), folder.resolve("data"), () -> now);
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("log"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** How long, in steps of a second, until it is given up. */
    private long waited(Patience patience) {
        long from = now;
        while (!patience.isExhausted()) {
            now++;
        }
        return now - from;
    }

    @Test
    void whatGrows_isWaitedForForEver() throws IOException {
        Patience patience = patience();
        Files.createDirectory(folder.resolve("data"));
        for (int i = 0; i < 100; i++) {
            now += 100;
            write("line " + i + "\n");
            assertThat(patience.isExhausted()).isFalse();
            now += 100;
            Files.createFile(folder.resolve("data").resolve("file-" + i));
            assertThat(patience.isExhausted()).isFalse();
        }
        assertThat(waited(patience)).isBetween(179L, 181L);
    }

    @Test
    void whatWritesNothing_isGivenUpWithTheEndOfItsLog() throws IOException {
        assertThat(waited(patience())).isBetween(179L, 182L);
        for (int i = 0; i < 20; i++) {
            write("line " + i + "\n");
        }
        Patience patience = patience();
        waited(patience);
        assertThat(patience.failure(patience.silence()))
                .hasMessageStartingWith("a daemon made no progress for 180 s; the end of " + folder.resolve("log"))
                .hasMessageEndingWith("line 18\nline 19\n".strip())
                .hasMessageNotContaining("line 9\n");
    }
}
