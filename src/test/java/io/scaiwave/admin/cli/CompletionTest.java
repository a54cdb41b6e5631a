package io.scaiwave.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a shell offers when the script of the verb completion is loaded. */
class CompletionTest {
    @TempDir
    private Path folder;

    @Test
    void bash_completesVerbsAndOptions() throws IOException, InterruptedException {
        assumeThat(Path.of("/bin/bash"))
                .as("bash, without which nothing is tested here")
                .exists();
        Verb completion = Verb.run(Map.of(), "completion");
        assertThat(completion.status()).isZero();
        Files.writeString(folder.resolve("script"), completion.out());
        assertThat(offered("ver")).containsExactly("verify");
        assertThat(offered("rot")).containsExactly("rotate-secrets");
        assertThat(offered("verify", "--pub")).containsExactly("--public-key");
        assertThat(offered("reconcile", "--js")).containsExactly("--json");
    }

    /** As bash asks: the words so far, and which of them the cursor is at. */
    private List<String> offered(String... words) throws IOException, InterruptedException {
        String script = """
                source ./script
                COMP_WORDS=(scaiwave-admin %s) COMP_CWORD=%d
                function=$(complete -p scaiwave-admin | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
                $function 2> errors # compopt complains that no key was pressed
                printf '%%s\\n' "${COMPREPLY[@]}"
                """.formatted(String.join(" ", words), words.length);
        Process bash = new ProcessBuilder("/bin/bash", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        return said.lines().map(String::strip).toList();
    }
}
