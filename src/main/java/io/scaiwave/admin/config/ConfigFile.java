package io.scaiwave.admin.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The YAML files of conf/. */
public final class ConfigFile {
    static final ObjectMapper YAML = JsonMapper.builder(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private ConfigFile() {}

    /**
     * Reads a file of that folder, or else the one of conf/ in the jar.
     *
     * @throws InvalidSetting naming the file, and what is wrong with it
     */
    public static <T> T read(Path folder, String file, TypeReference<T> type) {
        Path path = folder.resolve(file);
        try (InputStream in = open(path, file)) {
            return YAML.readValue(in, type);
        } catch (JsonProcessingException e) {
            if (e.getCause() instanceof InvalidSetting invalid) {
                throw invalid;
            }
            throw new InvalidSetting("conf/" + file, "is malformed" + where(e));
        } catch (IOException e) {
            throw new InvalidSetting("conf/" + file, "cannot be read: " + e.getMessage());
        }
    }

    private static InputStream open(Path path, String file) throws IOException {
        if (Files.exists(path)) {
            return Files.newInputStream(path);
        }
        return Objects.requireNonNull(ConfigFile.class.getResourceAsStream("/conf/" + file));
    }

    /** Jackson's own words name classes and quote the file; an operator needs the place. */
    private static String where(JsonProcessingException e) {
        List<JsonMappingException.Reference> path =
                e instanceof JsonMappingException mapping ? mapping.getPath() : List.of();
        String at = path.stream()
                .map(step -> "/" + (step.getFieldName() == null ? step.getIndex() : step.getFieldName()))
                .collect(Collectors.joining());
        return (at.isEmpty() ? "" : " at " + at) + line(e.getLocation());
    }

    private static String line(JsonLocation location) {
        return location == null || location.getLineNr() < 1 ? "" : " in line " + location.getLineNr();
    }
}
