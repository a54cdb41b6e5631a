package io.scaiwave.admin.config;

import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one way to settings, for the server and for every verb: conf/server.yaml of the working directory, or else the one in the jar,
 * with the environment variables that it names. The file is read when it is first needed. Not thread-safe.
 */
public final class ConfigLoader {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)(?::([^}]*))?}");
    private static final String FILE = "server.yaml";
    private static final String IN_FILE = " in conf/" + FILE;
    private static final ObjectMapper STRICT = ConfigFile.YAML
            .copy()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

    private final Path folder;
    private final Map<String, String> environment;
    private @Nullable Map<?, ?> tree;

    public ConfigLoader(Map<String, String> environment) {
        this(Path.of("conf"), environment);
    }

    /** The same with another folder than conf/. */
    public ConfigLoader(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /**
     * All settings.
     *
     * @throws InvalidSetting naming each that is missing, or else what is wrong
     */
    public Config load() {
        Map<?, ?> values = (Map<?, ?>) substituted(tree());
        List<InvalidSetting.Fault> faults = new ArrayList<>();
        for (RecordComponent section : Config.class.getRecordComponents()) {
            Object value = values.get(section.getName());
            if (value != null) {
                try {
                    converted(section.getName(), value, section.getType());
                } catch (InvalidSetting e) {
                    faults.addAll(e.faults());
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new InvalidSetting(faults);
        }
        return converted("", values, Config.class);
    }

    /** One section, for a verb that needs no other. */
    public <T extends Record> T section(String name, Class<T> type) {
        Object node = node(name);
        if (node == null) {
            throw new InvalidSetting(name + IN_FILE, "is missing");
        }
        return converted(name, substituted(node), type);
    }

    /** One setting by its dotted name; empty when it is not set. */
    public String text(String setting) {
        return node(setting) instanceof String text ? substituted(text, missing -> {}) : "";
    }

    /** How an operator knows a setting: by its environment variable if it has one, else by its place in the file. */
    public String name(String setting) {
        Object node = node(setting);
        if (node == null) {
            return setting;
        }
        Matcher variable = VARIABLE.matcher(node instanceof String text ? text : "");
        return variable.find() ? variable.group(1) : setting + IN_FILE;
    }

    /** The same fault, with the names that an operator knows. */
    public InvalidSetting named(InvalidSetting fault) {
        return fault.renamed(this::name);
    }

    private Map<?, ?> tree() {
        if (tree == null) {
            Map<?, ?> read = ConfigFile.read(folder, FILE, new TypeReference<Map<?, ?>>() {});
            tree = read == null ? Map.of() : read;
        }
        return tree;
    }

    private @Nullable Object node(String setting) {
        Object node = tree();
        for (String name : setting.split("\\.")) {
            node = node instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return node;
    }

    private Object substituted(Object node) {
        List<InvalidSetting.Fault> missing = new ArrayList<>();
        Object values = substituted(
                node,
                variable -> missing.add(new InvalidSetting.Fault(
                        variable, "is not set, and has no default (conf/server.yaml says what it is for)")));
        if (!missing.isEmpty()) {
            throw new InvalidSetting(missing);
        }
        return values;
    }

    private Object substituted(Object node, Consumer<String> missing) {
        if (node instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(key, value == null ? null : substituted(value, missing)));
            return copy;
        }
        return node instanceof String text ? substituted(text, missing) : node;
    }

    private String substituted(String text, Consumer<String> missing) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String value = environment.get(found.group(1));
            if (value == null || value.isBlank()) {
                value = found.group(2);
            }
            if (value == null) {
                missing.accept(found.group(1));
                return "";
            }
            return Matcher.quoteReplacement(value.strip());
        });
    }

    private <T> T converted(String section, Object values, Class<T> type) {
        try {
            return STRICT.convertValue(values, type);
        } catch (IllegalArgumentException e) {
            throw invalid(section, e);
        }
    }

    /** Never quotes a value, which may be a secret. */
    private InvalidSetting invalid(String section, IllegalArgumentException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidSetting invalid) {
                return named(invalid);
            }
        }
        List<String> path = new ArrayList<>();
        if (!section.isEmpty()) {
            path.add(section);
        }
        if (e.getCause() instanceof JsonMappingException mapping) {
            mapping.getPath().forEach(step -> path.add(step.getFieldName()));
        }
        String setting = String.join(".", path);
        Object node = node(setting);
        String name = node == null ? setting + IN_FILE : name(setting);
        return new InvalidSetting(name, problem(e.getCause(), node));
    }

    private static String problem(@Nullable Throwable cause, @Nullable Object node) {
        if (cause instanceof UnrecognizedPropertyException) {
            return "is not a setting of this server";
        }
        if (node == null) {
            return "is missing";
        }
        Class<?> wanted = cause instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        boolean tooLong = cause != null && cause.getCause() instanceof InputCoercionException;
        boolean number = wanted == int.class || wanted == long.class;
        return number || tooLong ? "must be a whole number" : "is malformed";
    }
}
