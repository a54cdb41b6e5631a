package io.scaiwave.admin.text;

import org.jspecify.annotations.Nullable;

/**
 * What a text may be that comes from outside: here in code for what comes from Kafka, ScaiGrid and files; for requests the patterns
 * of openapi.yaml say the same. And how foreign text may stand in the log.
 */
public final class Texts {
    private static final int LOGGED_MAX = 300;
    private static final String INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\u2800\u3164\ufeff";

    private Texts() {}

    /** Whether it is text at all: no U+0000 and no half of a surrogate pair, which PostgreSQL and UTF-8 cannot hold. */
    public static boolean isStorable(String text) {
        return text.codePoints().noneMatch(c -> c == 0 || isHalf(c));
    }

    /** Whether people can read it as one line: not blank, no control character, no line break, nothing that changes its direction. */
    public static boolean isLine(String text, int charactersMax) {
        return hasLength(text, charactersMax)
                && text.codePoints().noneMatch(Texts::isNoLine)
                && !text.codePoints().allMatch(Texts::isBlank);
    }

    /** The same without any blank in it: an identifier or an address. */
    public static boolean isWord(String text, int charactersMax) {
        return isLine(text, charactersMax) && text.codePoints().noneMatch(Texts::isBlank);
    }

    /** A longer text, such as a description: it may have line breaks, tabs and marks of direction, but no overrides of it. */
    public static boolean isProse(String text, int charactersMax) {
        return hasLength(text, charactersMax)
                && text.codePoints().noneMatch(Texts::isNoProse)
                && !text.codePoints().allMatch(c -> isBlank(c) || isNoLine(c));
    }

    private static boolean hasLength(String text, int charactersMax) {
        return !text.isEmpty() && text.codePointCount(0, text.length()) <= charactersMax;
    }

    /** Foreign text for a line of the log: on one line, nothing in it that could pass for another, and not too long. */
    public static String logged(@Nullable Object foreign) {
        String text = String.valueOf(foreign);
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(LOGGED_MAX).forEach(c -> {
            if (isNoLine(c)) {
                line.append("\\u%04x".formatted(c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return text.codePointCount(0, text.length()) > LOGGED_MAX ? line + "…" : line.toString();
    }

    /** Control characters, breaks of lines, marks, overrides and isolates of direction, halves of surrogate pairs. */
    private static boolean isNoLine(int c) {
        return Character.isISOControl(c)
                || c == 0x061C
                || c == 0x200E
                || c == 0x200F
                || c == 0x2028
                || c == 0x2029
                || isOverride(c)
                || isHalf(c);
    }

    private static boolean isNoProse(int c) {
        boolean control = Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r';
        return control || isOverride(c) || isHalf(c);
    }

    private static boolean isOverride(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }

    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    /** White space, and letters that are shown as nothing. */
    private static boolean isBlank(int c) {
        return Character.getType(c) == Character.SPACE_SEPARATOR || INVISIBLE.indexOf(c) >= 0;
    }
}
