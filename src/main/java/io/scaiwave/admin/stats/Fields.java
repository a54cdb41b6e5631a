package io.scaiwave.admin.stats;

import com.fasterxml.jackson.databind.JsonNode;
import io.scaiwave.admin.text.Slug;
import io.scaiwave.admin.text.Texts;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object, each taken as what it must be, or refused with a reason that names it. */
record Fields(JsonNode object, String path) {
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /** Why an event cannot be read. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String reason) {
            super(reason, null, false, false);
        }
    }

    /** A line that people can read. */
    String line(String name, int charactersMax) throws Unreadable {
        String text = text(name, charactersMax);
        require(Texts.isLine(text, charactersMax), name, "is blank, or has characters that a line of text cannot have");
        return text;
    }

    /** An identifier or an address: without any blank. */
    String word(String name, int charactersMax) throws Unreadable {
        String text = text(name, charactersMax);
        require(Texts.isWord(text, charactersMax), name, "has blanks, or characters that a line of text cannot have");
        return text;
    }

    String slug(String name) throws Unreadable {
        String text = object.path(name).textValue();
        require(text != null && Slug.isValid(text), name, "must be a model's slug");
        return text;
    }

    /** Null when it is null or absent. */
    @Nullable
    String wordOrNull(String name, int charactersMax) throws Unreadable {
        boolean given = object.has(name) && !object.path(name).isNull();
        return given ? word(name, charactersMax) : null;
    }

    String matching(String name, Pattern pattern) throws Unreadable {
        String text = object.path(name).textValue();
        require(text != null && pattern.matcher(text).matches(), name, "is malformed");
        return text;
    }

    private String text(String name, int charactersMax) throws Unreadable {
        String text = object.path(name).textValue();
        require(text != null, name, "must be a text");
        int characters = text.codePointCount(0, text.length());
        require(characters > 0 && characters <= charactersMax, name, "must have 1 to " + charactersMax + " characters");
        return text;
    }

    String oneOf(String name, List<String> allowed) throws Unreadable {
        String text = object.path(name).textValue();
        require(text != null && allowed.contains(text), name, "must be one of " + String.join(", ", allowed));
        return text;
    }

    UUID id(String name) throws Unreadable {
        String text = object.path(name).textValue();
        require(text != null && ID.matcher(text).matches(), name, "must be a UUID");
        return UUID.fromString(text);
    }

    long whole(String name, long min, long max) throws Unreadable {
        JsonNode value = object.path(name);
        require(
                value.isIntegralNumber()
                        && value.canConvertToLong()
                        && value.longValue() >= min
                        && value.longValue() <= max,
                name,
                "must be a whole number from " + min + " to " + max);
        return value.longValue();
    }

    Fields inside(String name) throws Unreadable {
        require(object.path(name).isObject(), name, "must be an object");
        return new Fields(object.path(name), path + name + ".");
    }

    void require(boolean condition, String name, String problem) throws Unreadable {
        if (!condition) {
            throw new Unreadable(path + name + " " + problem);
        }
    }
}
