package io.scaiwave.admin.text;

import org.jspecify.annotations.Nullable;

/** What a text may be that comes from outside, wherever it comes in, and how foreign text may stand in the log. */
public final class Texts {
    private static final int LOGGED_MAX = 300;

    private Texts() {}

    /** Whether it is text at all: no U+0000 and no half of a surrogate pair, which PostgreSQL and UTF-8 cannot hold. */
    public static boolean isStorable(String text) {
        return text.codePoints().noneMatch(c -> c == 0 || isHalf(c));
    }

    /**
     * Whether it is a text of one line that people can read, as the contract's patterns have it: 1 to so many characters, not blank, no
     * control character, no line break, nothing that turns the direction of what follows.
     */
    public static boolean isPlain(String text, int charactersMax) {
        return hasLength(text, charactersMax)
                && text.codePoints().noneMatch(Texts::isDisguise)
                && !text.codePoints().allMatch(Texts::isSpace);
    }

    /** The same of a longer text, which may have line breaks and tabs. */
    public static boolean isProse(String text, int charactersMax) {
        return hasLength(text, charactersMax)
                && text.codePoints().allMatch(c -> c == '\n' || c == '\r' || c == '\t' || !isDisguise(c))
                && !text.codePoints().allMatch(c -> isSpace(c) || isDisguise(c));
    }

    private static boolean hasLength(String text, int charactersMax) {
        return !text.isEmpty() && text.codePointCount(0, text.length()) <= charactersMax;
    }

    /** Foreign text for a line of the log: on one line, nothing in it that could pass for another, and not too long. */
    public static String logged(@Nullable Object foreign) {
        String text = String.valueOf(foreign);
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(LOGGED_MAX).forEach(c -> {
            if (isDisguise(c)) {
                line.append("\\u%04x".formatted(c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return text.codePointCount(0, text.length()) > LOGGED_MAX ? line + "…" : line.toString();
    }

    /** Control characters, other breaks of lines and paragraphs, overrides and isolates of direction, halves of surrogate pairs. */
    private static boolean isDisguise(int c) {
        return Character.isISOControl(c)
                || c == 0x2028
                || c == 0x2029
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069)
                || isHalf(c);
    }

    private static boolean isHalf(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    /** White space of ECMA-262, whose patterns the contract's are. */
    private static boolean isSpace(int c) {
        return Character.getType(c) == Character.SPACE_SEPARATOR || c == 0xFEFF;
    }
}
