package io.scaiwave.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\w+) \\| ([A-Z]+) (/v1/\\S+) \\|");
    private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch");

    @Test
    void endpoints_areThoseOfTheContract() throws IOException {
        TreeSet<String> rows = new TreeSet<>();
        ROW.matcher(Files.readString(Path.of("README.md")))
                .results()
                .forEach(row -> rows.add(row.group(1) + " " + row.group(2) + " " + row.group(3)));
        JsonNode paths = new ObjectMapper(new YAMLFactory())
                .readTree(Files.readAllBytes(Path.of("openapi.yaml")))
                .path("paths");
        TreeSet<String> operations = new TreeSet<>();
        paths.propertyStream()
                .forEach(path -> METHODS.forEach(method -> {
                    if (path.getValue().has(method)) {
                        String id = path.getValue()
                                .at("/" + method + "/operationId")
                                .asText();
                        operations.add(id + " " + method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        assertThat(rows).isEqualTo(operations);
    }
}
