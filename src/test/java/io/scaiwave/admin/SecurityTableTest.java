package io.scaiwave.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The test classes that docs/security.md names are there, and no requirement stands in it twice. */
class SecurityTableTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+\\.\\d+\\.\\d+) \\|.*\\| ([^|]+) \\|$");
    private static final Pattern CLASS = Pattern.compile("`(\\w+Test)`");

    @Test
    void testClasses_exist() throws IOException {
        List<MatchResult> rows = ROW.matcher(Files.readString(Path.of("docs/security.md")))
                .results()
                .toList();
        assertThat(rows).hasSizeGreaterThan(80).extracting(row -> row.group(1)).doesNotHaveDuplicates();
        Set<String> there = classes();
        for (MatchResult row : rows) {
            assertThat(row.group(2))
                    .as(row.group(1))
                    .matches("(`\\w+Test`(, )?)+|not met|does not apply|not by a test");
            assertThat(there)
                    .as(row.group(1))
                    .containsAll(CLASS.matcher(row.group(2))
                            .results()
                            .map(name -> name.group(1))
                            .toList());
        }
    }

    private static Set<String> classes() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
    }
}
